/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a table fits a terminal. libsmartcols would cut columns down to their
 * headings, each release in another way, and leave none out.
 */
#ifndef IMSCTL_FIT_H
#define IMSCTL_FIT_H

#include "shared/table.h"

/**
 * struct column_fit - a column on a terminal
 * @width: what its longest cell or its heading takes; then, what it gets
 * @blank: its cells tell nothing
 * @shown: there is room for it, and a reason to show it
 */
struct column_fit {
	size_t width;
	bool blank;
	bool shown;
};

/*
 * Of the columns of @selection, whose .width and .blank are known, which are shown, and
 * how wide, on a terminal of @width columns with @gap between two of the table's.
 */
void fit_columns(const struct selection *selection, struct column_fit *columns,
		 size_t width, size_t gap);

#endif /* IMSCTL_FIT_H */
