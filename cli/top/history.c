// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl top: what was counted in the last minute, for averages and trends.
 */
#include <string.h>

#include "top/top.h"

#define SECOND	UINT64_C(1000000000)

/*
 * How far a frame has to be from the one before to be remembered: frames come a
 * little early or late, so a little less than a second and a tenth of one.
 */
static uint64_t least_gap(uint64_t age)
{
	return age > SECOND + SECOND / 20 ? SECOND / 10 * 9 : SECOND / 100 * 9;
}

static void forget(struct top_history *history, unsigned int i)
{
	history->count--;
	memmove(&history->moments[i], &history->moments[i + 1],
		(history->count - i) * sizeof(history->moments[0]));
}

static unsigned int free_place(const struct top_history *history)
{
	bool taken[TOP_MOMENTS] = { 0 };
	unsigned int i;

	for (i = 0; i < history->count; i++)
		taken[history->moments[i].place] = true;
	for (i = 0; taken[i]; i++)
		;
	return i;
}

unsigned int history_add(struct top_history *history, uint64_t time)
{
	const struct top_moment *m = history->moments;
	unsigned int i = 1, place;

	while (i < history->count) {
		if (m[i].time - m[i - 1].time < least_gap(time - m[i].time))
			forget(history, i);
		else
			i++;
	}
	if (history->count == TOP_MOMENTS)
		forget(history, 0);

	place = free_place(history);
	history->moments[history->count++] = (struct top_moment) {
		.time = time,
		.place = place,
	};
	return place;
}

/* The moment that is nearest to so long ago, but not the last one. */
static unsigned int find(const struct top_history *history, uint64_t age)
{
	const struct top_moment *m = history->moments;
	unsigned int last = history->count - 1, i = last - 1;
	uint64_t wanted = m[last].time > age ? m[last].time - age : 0;

	while (i && m[i].time > wanted)
		i--;
	/* That one is at or before, the next one behind. */
	if (i + 1 < last && m[i].time < wanted &&
	    m[i + 1].time - wanted < wanted - m[i].time)
		i++;
	return i;
}

/* From moment @from to moment @to, in thousandths a second. */
static uint64_t rate(const struct top_history *history,
		     const struct top_track *track, unsigned int from,
		     unsigned int to)
{
	const struct top_moment *a = &history->moments[from];
	const struct top_moment *b = &history->moments[to];
	uint64_t counted;

	if (a->time >= b->time)
		return 0;
	counted = track->at[b->place] - track->at[a->place];
	return (double)counted * 1e12 / (b->time - a->time) + 0.5;
}

void history_rates(const struct top_history *history,
		   const struct top_track *track, struct top_rates *rates)
{
	static const unsigned int seconds[NUM_TOP_AVERAGES] = {
		[TOP_1S] = 1,
		[TOP_10S] = 10,
		[TOP_60S] = 60,
	};
	unsigned int last = history->count - 1, from, i;

	for (i = 0; last && i < NUM_TOP_AVERAGES; i++) {
		from = find(history, seconds[i] * SECOND);
		/* No more than is known of it. */
		while (history->moments[from].time < track->first)
			from++;
		rates->averages[i] = rate(history, track, from, last);
	}
	for (i = 0; i < TOP_TREND && i < last; i++)
		rates->trend[i] = rate(history, track, last - i - 1, last - i);
}
