/* probe.h: what `mpinfo --check` and the `mpinfo --probe` that it starts on each node say to each other, in lines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPINFO_PROBE_H
#define TRI_MPINFO_PROBE_H

/* From the probe, first of all: version, port that it listens on, and the node's addresses. */
#define TRI_PROBE_READY "TRIREME-PROBE"
/* The shell that was to start it: there is no mpinfo. */
#define TRI_PROBE_MISSING "TRIREME-PROBE-MISSING"
/* To the probe; the answer is the same word and the node's clock, in seconds. */
#define TRI_PROBE_TIME "TIME"
/* To the probe: a node's index, port and addresses. The answer: REACH, the index, and "ok" or why not. */
#define TRI_PROBE_TRY "TRY"
#define TRI_PROBE_REACH "REACH"

enum { TRI_PROBE_LINE = 2048 }; /* longest line, end included */

#endif
