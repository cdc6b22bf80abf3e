/* options_place.h: the options about where ranks run, and how that is shown. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_OPTIONS_PLACE_H
#define TRI_MPRUN_OPTIONS_PLACE_H

#include <argp.h>

#include "options.h"

/* A child of mprun's parser; its input is the struct tri_options. */
extern const struct argp tri_options_place;

#endif
