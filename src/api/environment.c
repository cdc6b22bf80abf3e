/* Start, end and inquiry (MPI 5.0, 9.1, 9.2, 9.6, 11.2, 20.1). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../collectives/collectives.h"
#include "../p2p/p2p.h"
#include "../runtime/job.h"
#include "../runtime/log.h"
#include "api.h"
#include "instance.h"

static int thread_level;
static pthread_t main_thread;

/* The world model: MPI_Init once, MPI_Finalize once. */
static enum tri_api_state world;

static int start(int required)
{
    if (world != TRI_NOT_INITIALIZED) {
        tri_log_fatal(1, "MPI_Init was called %s", world == TRI_RUNNING ? "a second time" : "after MPI_Finalize");
    }
    tri_instance_enter(required);
    thread_level = required;
    main_thread = pthread_self();
    world = TRI_RUNNING;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Init)(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return start(MPI_THREAD_SINGLE);
}

TRI_API_ANYTIME(Init_thread)(int *argc, char ***argv, int required, int *provided)
{
    (void)argc, (void)argv;
    if (required < MPI_THREAD_SINGLE || required > MPI_THREAD_MULTIPLE) {
        tri_log_fatal(1, "MPI_Init_thread: the required thread level is %d, which is none", required);
    }
    int code = start(required);
    if (provided) {
        *provided = required;
    }
    return code;
}

TRI_API(Finalize)(void)
{
    if (world != TRI_RUNNING) {
        tri_log_fatal(1, "MPI_Finalize was called %s", world == TRI_FINALIZED ? "a second time" : "before MPI_Init");
    }
    int code = tri_comm_end_attributes();
    tri_p2p_drain();
    /* Nobody takes its memory away while another may still need something from it. */
    tri_collective_meet_blocking(&tri_comm_world);
    tri_p2p_drain();
    world = TRI_FINALIZED;
    if (tri_instance_leave()) {
        tri_instance_end();
    }
    return code;
}

TRI_API_ANYTIME(Initialized)(int *flag)
{
    TRI_CHECK_POINTER(NULL, flag);
    *flag = world != TRI_NOT_INITIALIZED;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Finalized)(int *flag)
{
    TRI_CHECK_POINTER(NULL, flag);
    *flag = world == TRI_FINALIZED;
    return MPI_SUCCESS;
}

TRI_API(Abort)(MPI_Comm comm, int errorcode)
{
    struct tri_comm *aborted = tri_comm_get(comm);
    tri_log_fatal(errorcode & 0xff ? errorcode & 0xff : 1, "MPI_Abort on %s with code %d",
                  aborted ? tri_comm_name(aborted) : "an invalid communicator", errorcode);
}

/* There is no profiling within the library to control (MPI 5.0, 15.2.4). */
TRI_API_ANYTIME(Pcontrol)(int level)
{
    (void)level;
    return MPI_SUCCESS;
}

TRI_API(Query_thread)(int *provided)
{
    TRI_CHECK_POINTER(NULL, provided);
    *provided = thread_level;
    return MPI_SUCCESS;
}

TRI_API(Is_thread_main)(int *flag)
{
    TRI_CHECK_POINTER(NULL, flag);
    *flag = pthread_equal(main_thread, pthread_self()) != 0;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Get_version)(int *version, int *subversion)
{
    TRI_CHECK_POINTER(NULL, version);
    TRI_CHECK_POINTER(NULL, subversion);
    *version = MPI_VERSION;
    *subversion = MPI_SUBVERSION;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Abi_get_version)(int *abi_major, int *abi_minor)
{
    TRI_CHECK_POINTER(NULL, abi_major);
    TRI_CHECK_POINTER(NULL, abi_minor);
    *abi_major = MPI_ABI_VERSION;
    *abi_minor = MPI_ABI_SUBVERSION;
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Get_library_version)(char *version, int *resultlen)
{
    TRI_CHECK_POINTER(NULL, version);
    TRI_CHECK_POINTER(NULL, resultlen);
    *resultlen = snprintf(version, MPI_MAX_LIBRARY_VERSION_STRING, "Trireme %s", PACKAGE_VERSION);
    return MPI_SUCCESS;
}

TRI_API(Get_processor_name)(char *name, int *resultlen)
{
    TRI_CHECK_POINTER(NULL, name);
    TRI_CHECK_POINTER(NULL, resultlen);
    *resultlen = snprintf(name, MPI_MAX_PROCESSOR_NAME, "%s", tri_job.host);
    return MPI_SUCCESS;
}

TRI_API_VALUE(double, Wtime)(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

TRI_API_VALUE(double, Wtick)(void)
{
    struct timespec step;
    clock_getres(CLOCK_MONOTONIC, &step);
    return (double)step.tv_sec + 1e-9 * (double)step.tv_nsec;
}

/* Starts on a cache line; large pieces on a page, which suits copies. */
TRI_API(Alloc_mem)(MPI_Aint size, MPI_Info info, void *baseptr)
{
    (void)info;
    TRI_CHECK_POINTER(NULL, baseptr);
    TRI_CHECK(size >= 0, NULL, MPI_ERR_ARG, "size is %lld, which is negative", (long long)size);
    size_t alignment = size >= 65536 ? 4096 : TRI_CACHE_LINE;
    void *memory = NULL;
    TRI_CHECK(posix_memalign(&memory, alignment, (size_t)TRI_MAX(size, 1)) == 0, NULL, MPI_ERR_NO_MEM,
              "%lld bytes of memory can not be had", (long long)size);
    memcpy(baseptr, &memory, sizeof memory);
    return MPI_SUCCESS;
}

TRI_API(Free_mem)(void *base)
{
    free(base);
    return MPI_SUCCESS;
}

TRI_API(Get_address)(const void *location, MPI_Aint *address)
{
    TRI_CHECK_POINTER(NULL, address);
    *address = (MPI_Aint)location;
    return MPI_SUCCESS;
}

TRI_API_VALUE(MPI_Aint, Aint_add)(MPI_Aint base, MPI_Aint disp)
{
    return (MPI_Aint)((uintptr_t)base + (uintptr_t)disp);
}

TRI_API_VALUE(MPI_Aint, Aint_diff)(MPI_Aint addr1, MPI_Aint addr2)
{
    return (MPI_Aint)((uintptr_t)addr1 - (uintptr_t)addr2);
}
