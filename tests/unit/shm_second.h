/* Renames what the files of transports/shm export, so that a program can hold the transport twice: two ends of a ring.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_SHM_SECOND_H
#define TRI_SHM_SECOND_H

/* Given to the compiler with -include for the second copy. A symbol that is missing here is found by the linker, as one
 * that is defined twice. */
#define tri_shm second_shm
#define tri_transport_shm second_transport_shm
#define tri_shm_segment_open second_shm_segment_open
#define tri_shm_segment_close second_shm_segment_close
#define tri_shm_segment_ring second_shm_segment_ring
#define tri_shm_share second_shm_share
#define tri_shm_unshare second_shm_unshare
#define tri_shm_connect second_shm_connect
#define tri_shm_make_ring second_shm_make_ring
#define tri_shm_lanes second_shm_lanes
#define tri_shm_local_index second_shm_local_index
#define tri_shm_send_short second_shm_send_short
#define tri_shm_send_bcopy second_shm_send_bcopy
#define tri_shm_has_room second_shm_has_room
#define tri_shm_bcopy_max second_shm_bcopy_max
#define tri_shm_progress second_shm_progress
#define tri_shm_pending second_shm_pending
#define tri_shm_doorbell_open second_shm_doorbell_open
#define tri_shm_doorbell_close second_shm_doorbell_close
#define tri_shm_doorbell_ring second_shm_doorbell_ring
#define tri_shm_wake second_shm_wake
#define tri_shm_arm second_shm_arm
#define tri_shm_disarm second_shm_disarm
#define tri_shm_probe second_shm_probe
#define tri_shm_get second_shm_get
#define tri_shm_put second_shm_put

#endif
