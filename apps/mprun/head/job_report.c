/* job_report.c: judges how a rank ended, and says it in one line. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "job_internal.h"

bool tri_job_rank_exited(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    uint32_t rank = tri_get_u32(reader), pid = tri_get_u32(reader);
    int status = (int)tri_get_u32(reader);
    bool mid_job = tri_get_u32(reader) != 0;
    const char *name = job->desc.nodes.items[node];

    if (reader->bad) {
        return false;
    }
    if (WIFSIGNALED(status)) {
        int signum = WTERMSIG(status);

        tri_job_fail(job, TRI_EXIT_SIGNAL + signum,
                     "rank %u on node %s (pid %u) was killed by signal %d (%s%s)", rank, name, pid,
                     signum, strsignal(signum), WCOREDUMP(status) ? ", core dumped" : "");
    } else if (WEXITSTATUS(status) != 0 || mid_job) {
        int code = WEXITSTATUS(status);

        tri_job_fail(job, code != 0 ? code : TRI_EXIT_ERROR,
                     "rank %u on node %s (pid %u) exited with code %d%s", rank, name, pid, code,
                     mid_job ? " before MPI_Finalize" : "");
    }
    return true;
}

bool tri_job_rank_aborted(struct tri_job *job, uint32_t node, struct tri_reader *reader)
{
    uint32_t rank = tri_get_u32(reader), pid = tri_get_u32(reader), code = tri_get_u32(reader);
    char *message = tri_get_string(reader);

    if (!reader->bad) {
        message[strcspn(message, "\r\n")] = '\0';
        tri_job_fail(job, (code & 0xff) != 0 ? (int)(code & 0xff) : TRI_EXIT_ERROR,
                     "rank %u on node %s (pid %u) called MPI_Abort with code %d%s%s", rank,
                     job->desc.nodes.items[node], pid, (int)code, message[0] ? ": " : "", message);
    }
    free(message);
    return !reader->bad;
}
