/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a multiboot loader starts: flat segments of our own, a stack, payload(). */
	.section .multiboot, "a"
	.align 4
	.long 0x1badb002
	.long 0
	.long -0x1badb002

	.section .data
	.align 8
segments:
	.quad 0
	.quad 0x00cf9a000000ffff	/* 8: code */
	.quad 0x00cf92000000ffff	/* 16: data */
table:
	.word . - segments - 1
	.long segments

	.section .bss
	.align 16
	.skip 16384
stack:

	.section .text
	.globl start
start:
	lgdt table
	ljmp $8, $1f
1:	movw $16, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	movl $stack, %esp
	call payload

	.section .note.GNU-stack, "", @progbits
