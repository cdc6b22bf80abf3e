/* options_job.h: options about the whole job: its streams, and how its daemons are started. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_OPTIONS_JOB_H
#define TRI_MPRUN_OPTIONS_JOB_H

#include <argp.h>

#include "options.h"

/* A child of mprun's parser; its input is the struct tri_options. */
extern const struct argp tri_options_job;

void tri_options_job_defaults(struct tri_options *options);

/* A whole number; ends the process with one line about anything else. */
long tri_options_number(const char *option, const char *text, long min, long max);

/* Calls each() for every line of a file that is neither empty nor a comment, without blanks around
 * it; where is "FILE:NUMBER". Ends the process when the file cannot be read. */
void tri_options_each_line(const char *file,
                           void (*each)(const char *line, const char *where, void *context),
                           void *context);

#endif
