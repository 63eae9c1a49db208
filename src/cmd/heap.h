/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_HEAP_H
#define CMD_HEAP_H

/*
 * Let malloc do as suits a program that reads some megabytes, answers and ends. To be called before
 * anything is allocated, and by a program: a library leaves the heap to its caller. Where it cannot
 * be done, or is not known how, nothing changes but the time that is taken.
 */
void heap_prepare(void);

#endif
