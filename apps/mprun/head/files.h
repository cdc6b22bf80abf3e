/* files.h: the ranks' output in files of their own (--output-dir). */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_FILES_H
#define TRI_MPRUN_FILES_H

#include "lines.h"

struct tri_files;

/* Copies dir and style; touches no file. */
struct tri_files *tri_files_new(const char *dir, const struct tri_line_style *style);

/* Makes the directory if need be and the empty files DIR/rank.N.out and DIR/rank.N.err of all
 * ranks. Returns NULL, or one line that says why not (caller frees). */
char *tri_files_create(struct tri_files *files, uint32_t nranks);

/* Writes a piece of a rank's output (stream 1 or 2). Blocks as long as the file system does.
 * Returns NULL, or one line that says why not (caller frees). */
char *tri_files_put(struct tri_files *files, uint32_t rank, uint32_t stream, const void *data,
                    size_t len);

#endif
