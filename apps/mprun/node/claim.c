/* claim.c: keeps two jobs on one node from binding their ranks to the same cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* What trying to lock a file gives, beside a descriptor. */
enum { TAKEN = -1, NO_FILES = -2 };

/* Locks a file of the kernel's: anyone may lock it, it is the same one in virtual nodes on this
 * machine, and the lock goes with the process. */
static int try_lock(const char *path, int how)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return NO_FILES;
    }
    if (flock(fd, how | LOCK_NB) == 0) {
        return fd;
    }
    int result = errno == EWOULDBLOCK ? TAKEN : NO_FILES;

    close(fd);
    return result;
}

/* Tries so often, half a millisecond apart. */
static int lock_file(const char *path, int how, int tries)
{
    static const struct timespec pause = {.tv_nsec = 500 * 1000};
    int lock = try_lock(path, how);

    for (int i = 1; lock == TAKEN && i < tries; i++) {
        nanosleep(&pause, NULL);
        lock = try_lock(path, how);
    }
    return lock;
}

static int lock_core(uint32_t cpu, int how, int tries)
{
    char *path = tri_format("/sys/devices/system/cpu/cpu%u/topology/core_id", cpu);
    int result = lock_file(path, how, tries);

    free(path);
    return result;
}

static int turn = NO_FILES; /* the lock of the job that is being planned */

void tri_claim_await_turn(void)
{
    turn = lock_file("/sys/devices/system/cpu/online", LOCK_EX, 1000);
}

void tri_claim_end_turn(void)
{
    if (turn >= 0) {
        close(turn);
    }
    turn = NO_FILES;
}

uint32_t tri_claim_number(const struct tri_machine *machine, uint32_t core)
{
    return machine->pus[machine->cores[core].first].os;
}

/* A shared lock for a moment: others who look are not disturbed by it. */
void tri_claim_look(struct tri_machine *machine)
{
    for (uint32_t core = 0; core < machine->ncores; core++) {
        int lock = lock_core(tri_claim_number(machine, core), LOCK_SH, 1);

        machine->cores[core].busy = lock == TAKEN;
        if (lock >= 0) {
            close(lock);
        }
    }
}

bool tri_claim_cores(const uint32_t *cpus, uint32_t count)
{
    /* Those who look have a lock for microseconds only, unless the machine is crowded. */
    enum { TRIES = 11 };
    int *locks = tri_alloc(count, sizeof *locks);
    uint32_t claimed = 0;

    while (claimed < count && (locks[claimed] = lock_core(cpus[claimed], LOCK_EX, TRIES)) != TAKEN) {
        claimed++;
    }
    for (uint32_t i = 0; i < claimed && claimed < count; i++) {
        if (locks[i] >= 0) {
            close(locks[i]);
        }
    }
    free(locks);
    return claimed == count;
}
