/* Starting the library for its first user, ending it after the last. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <time.h>

#include "../../collectives/collectives.h"
#include "../comm/session.h"
#include "../p2p/p2p.h"
#include "../rma/window.h"
#include "../runtime/cache.h"
#include "../runtime/hardware.h"
#include "../runtime/home.h"
#include "../runtime/info.h"
#include "../runtime/job.h"
#include "../runtime/launcher.h"
#include "../runtime/locality.h"
#include "../runtime/log.h"
#include "../runtime/membarrier.h"
#include "../runtime/progress.h"
#include "../runtime/variables.h"
#include "../runtime/wait.h"
#include "../tools/tools.h"
#include "api.h"
#include "instance.h"

/* How long a process that leaves without MPI_Finalize's barrier waits for the others to leave, too. */
enum { LINGER_SECONDS = 5 };

static bool up;
static int users;

static void bring_up(int level)
{
    char message[300];
    if (tri_variables_read(message, sizeof message)) {
        tri_log_fatal(1, "%s", message);
    }
    /* Before PMIx starts its thread: registering is slow in a process with several. */
    tri_membarrier_register();
    if (tri_job_start()) {
        exit(1);
    }
    tri_lane_start(level == MPI_THREAD_MULTIPLE, (unsigned)tri_variable_number(TRI_VAR_LANES));
    tri_lane_lock(TRI_LANES_ALL); /* entered without; the face gives it up at the end */
    tri_wait_start();
    tri_home_start();
    tri_cache_start(tri_wait_is_alone());
    tri_datatype_start();
    tri_op_start();
    if (tri_p2p_start() || tri_collectives_start()) {
        tri_log_end(1);
    }
    tri_comm_start();
    up = true;
}

bool tri_instance_is_up(void)
{
    return up;
}

void tri_instance_end(void)
{
    tri_tools_stop();
    tri_lane_unlock();
    tri_lane_end();
    tri_session_end();
    tri_psets_end();
    tri_window_end();
    tri_comm_end();
    tri_collectives_end();
    tri_p2p_end();
    tri_request_end();
    tri_op_end();
    tri_group_end();
    tri_datatype_end();
    tri_errhandler_end();
    tri_info_end();
    tri_hardware_end();
    tri_keyval_end();
    tri_error_codes_end();
    tri_locality_end();
    tri_job_end();
    up = false;
}

/* Packets for this process may still be on their way in a network, and a connection that is closed before they are read
 * may lose those that went the other way; and another process of the node may not yet have opened the segment that this
 * one made. So the processes leave together, but for those that never came. */
static void linger(void)
{
    time_t end = time(NULL) + LINGER_SECONDS;
    tri_p2p_drain();
    if (!tri_job.launched || tri_job.size == 1 || tri_launcher->fence_start()) {
        return;
    }
    tri_progress_leave();
    while (!tri_launcher->fence_ended() && time(NULL) < end) {
        if (tri_progress() == 0) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
}

static void end_at_exit(void)
{
    if (up && users == 0) {
        tri_lane_lock(TRI_LANES_ALL);
        linger();
        tri_instance_end();
    }
}

void tri_instance_enter(int level)
{
    if (!up) {
        bring_up(level);
    } else if (level == MPI_THREAD_MULTIPLE && !tri_lane_threaded) {
        /* Until now only one thread at a time was allowed to be here. The processes know this one with one lane. */
        tri_lane_threaded = true;
        tri_lane_lock(TRI_LANES_ALL);
    }
    users++;
    tri_api_state = TRI_RUNNING;
}

bool tri_instance_leave(void)
{
    static bool registered;
    if (--users > 0) {
        return false;
    }
    tri_api_state = TRI_FINALIZED;
    if (!registered) {
        registered = true;
        atexit(end_at_exit);
    }
    return true;
}
