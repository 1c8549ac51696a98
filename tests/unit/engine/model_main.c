// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Engine against model, over long random sequences.
 *
 *	engine-model [--steps N] [--seed N]...	default: the fixed seed, and one
 *						that comes from the time
 *	engine-model --replay FILE...		print and check a sequence
 *	engine-model --write FILE SEED NUMBER	the bytes of a sequence
 *
 * Each seed runs in a process of its own, so that a crash is a result, too. A
 * sequence that fails is made smaller as long as it still fails, printed, and
 * written to engine-model-SEED.bin for --replay.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "interp.h"

#define FIXED_SEED	20230829
#define MAX_RECORDS	4096
#define SHRINK_TRIES	3000
#define SECONDS		120	/* after which a sequence hangs */

/* Where a child is: survives its end. */
static struct shared {
	unsigned long sequence;
	unsigned long steps;
	unsigned long sequences;
	unsigned long step;
	char error[512];
} *shared;

static u64 rng;

static u64 next(void)
{
	u64 z = rng += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* Sequence @number of @seed: the bytes, and how many of them. */
static size_t generate(u64 seed, unsigned long number, u8 *bytes)
{
	size_t i, j, nr;

	/*
	 * Hashed twice: the generator steps by adding a constant, and sequences
	 * must not be the same stream, begun a little later.
	 */
	rng = seed;
	rng = next() ^ number;
	rng = next();
	nr = number % 32 == 31 ? MAX_RECORDS : 40 + next() % 400;
	for (i = 0; i < nr; i++) {
		u8 *b = bytes + i * RECORD;

		for (j = 0; j < RECORD; j += 8) {
			u64 r = next();

			memcpy(b + j, &r, 8);
		}
		/* Failures and absurd numbers: some, not most. */
		b[15] = b[15] < 16 ? 1 + b[15] % 12 : 0;
		if (b[14] & 0x70)
			b[13] &= 0x7f;
	}
	return nr * RECORD;
}

static bool run(const u8 *bytes, size_t size, bool trace)
{
	const char *error;

	alarm(SECONDS);
	shared->step = interp_run(bytes, size, trace, &error);
	if (error)
		snprintf(shared->error, sizeof(shared->error), "%s", error);
	return !error;
}

/* Does this sequence fail? In a child, whose words are of no interest. */
static bool fails(const u8 *bytes, size_t size)
{
	int status, null;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		dup2(null, 2);
		_exit(!run(bytes, size, false));
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status;
}

/* Leave out runs of records, then quieten bytes, while it still fails. */
static size_t shrink(u8 *bytes, size_t size)
{
	static u8 try[MAX_RECORDS * RECORD];
	static const int quiet[] = { 15, 13, 4, 3, 2, 12, 11, 10, 9, 8, 7, 6, 5 };
	size_t nr = size / RECORD, chunk, at, i, k;
	unsigned int tries = 0;
	bool progress = true;

	while (progress && tries < SHRINK_TRIES) {
		progress = false;
		for (chunk = nr / 2; chunk; chunk /= 2) {
			for (at = 1; at + chunk <= nr &&
				     tries < SHRINK_TRIES;) {
				memcpy(try, bytes, at * RECORD);
				memcpy(try + at * RECORD,
				       bytes + (at + chunk) * RECORD,
				       (nr - at - chunk) * RECORD);
				tries++;
				if (fails(try, (nr - chunk) * RECORD)) {
					nr -= chunk;
					memcpy(bytes, try, nr * RECORD);
					progress = true;
				} else {
					at += chunk;
				}
			}
		}
	}
	for (i = 0; i < nr; i++) {
		for (k = 0; k < sizeof(quiet) / sizeof(*quiet); k++) {
			u8 *b = &bytes[i * RECORD + quiet[k]], was = *b;

			if (!was || tries++ > 2 * SHRINK_TRIES)
				continue;
			*b = 0;
			if (!fails(bytes, nr * RECORD))
				*b = was;
		}
	}
	return nr * RECORD;
}

static void print_bytes(const u8 *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		printf("%s%02x", i % RECORD ? "" : i ? "\n#   " : "#   ", bytes[i]);
	printf("\n");
}

/* In a child, for a sequence that may crash: its operations as comments. */
static void show(const u8 *bytes, size_t size)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		setvbuf(stdout, NULL, _IOLBF, 0);
		dup2(1, 2);
		run(bytes, size, true);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	if (shared->error[0])
		printf("# %s\n", shared->error);
}

static void report(u64 seed, unsigned long number, int status)
{
	static u8 bytes[MAX_RECORDS * RECORD];
	size_t size = generate(seed, number, bytes);
	char path[64];
	FILE *f;

	printf("# seed %llu sequence %lu fails at step %lu of %zu (status %#x): %s\n",
	       seed, number, shared->step, size / RECORD, status,
	       shared->error[0] ? shared->error : "it died");
	if (!fails(bytes, size)) {
		printf("# but not again when it is run alone\n");
		return;
	}
	size = shrink(bytes, size);
	shared->error[0] = '\0';
	printf("# the shortest that still fails, %zu operations:\n",
	       size / RECORD - 1);
	show(bytes, size);
	print_bytes(bytes, size);

	snprintf(path, sizeof(path), "engine-model-%llu.bin", seed);
	f = fopen(path, "wb");
	if (f && fwrite(bytes, 1, size, f) == size && !fclose(f))
		printf("# replay: engine-model --replay %s\n", path);
}

static void child(u64 seed, unsigned long steps)
{
	static u8 bytes[MAX_RECORDS * RECORD];
	unsigned long number;
	size_t size;

	for (number = 0; shared->steps < steps; number++) {
		shared->sequence = number;
		size = generate(seed, number, bytes);
		if (!run(bytes, size, false))
			_exit(1);
		shared->steps += shared->step;
		shared->sequences++;
	}
	/* Through exit(): the leak checker has its say. */
	exit(0);
}

static bool run_seed(int test, u64 seed, unsigned long steps)
{
	struct timespec from, to;
	int status = -1;
	pid_t pid;

	memset(shared, 0, sizeof(*shared));
	printf("# model: seed %llu\n", seed);
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (!pid)
		child(seed, steps);
	waitpid(pid, &status, 0);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("# model: %lu steps in %lu sequences, %ld s\n", shared->steps,
	       shared->sequences, (long)(to.tv_sec - from.tv_sec));
	printf("%sok %d - model: engine and model agree after each step, seed %llu\n",
	       status ? "not " : "", test, seed);
	if (status)
		report(seed, shared->sequence, status);
	fflush(stdout);
	return !status;
}

static int replay(int nr, char **paths)
{
	static u8 bytes[MAX_RECORDS * RECORD];
	int i, bad = 0;
	size_t size;
	FILE *f;

	printf("1..%d\n", nr);
	for (i = 0; i < nr; i++) {
		f = fopen(paths[i], "rb");
		if (!f) {
			perror(paths[i]);
			return 2;
		}
		size = fread(bytes, 1, sizeof(bytes), f);
		fclose(f);
		shared->error[0] = '\0';
		show(bytes, size);
		if (fails(bytes, size)) {
			printf("not ");
			bad = 1;
		}
		printf("ok %d - replay of %s\n", i + 1, paths[i]);
	}
	return bad;
}

static int write_sequence(const char *path, u64 seed, unsigned long number)
{
	static u8 bytes[MAX_RECORDS * RECORD];
	size_t size = generate(seed, number, bytes);
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f)) {
		perror(path);
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long steps = 1000000;
	u64 seeds[16];
	int i, nr = 0, bad = 0;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	if (argc > 2 && !strcmp(argv[1], "--replay"))
		return replay(argc - 2, argv + 2);
	if (argc == 5 && !strcmp(argv[1], "--write"))
		return write_sequence(argv[2], strtoull(argv[3], NULL, 0),
				      strtoul(argv[4], NULL, 0));
	for (i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--steps"))
			steps = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--seed") && nr < 16)
			seeds[nr++] = strtoull(argv[i + 1], NULL, 0);
		else
			break;
	}
	if (i != argc) {
		fprintf(stderr, "usage: see the head of model_main.c\n");
		return 2;
	}
	if (!nr) {
		seeds[nr++] = FIXED_SEED;
		seeds[nr++] = getenv("ENGINE_SEED") ?
			      strtoull(getenv("ENGINE_SEED"), NULL, 0) :
			      (u64)time(NULL);
	}
	printf("1..%d\n", nr);
	for (i = 0; i < nr; i++)
		bad |= !run_seed(i + 1, seeds[i], steps);
	return bad;
}
