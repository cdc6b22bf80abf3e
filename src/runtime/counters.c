/* What the library counts about itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "counters.h"

struct tri_counters tri_counters[TRI_LANES];

unsigned tri_events_wanted;
void (*tri_event_hook)(enum tri_event_id id, const void *data);
