/* The performance variables. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pvar_table.h"

#include "../p2p/engine.h"

#define USER MPI_T_VERBOSITY_USER_BASIC
#define DETAIL MPI_T_VERBOSITY_USER_DETAIL
#define TUNER MPI_T_VERBOSITY_TUNER_BASIC
#define EXPERT MPI_T_VERBOSITY_TUNER_DETAIL
#define COUNTER MPI_T_PVAR_CLASS_COUNTER
#define AGGREGATE MPI_T_PVAR_CLASS_AGGREGATE
#define LEVEL MPI_T_PVAR_CLASS_LEVEL
#define WATERMARK MPI_T_PVAR_CLASS_HIGHWATERMARK
#define TIMER MPI_T_PVAR_CLASS_TIMER
#define P2P TRI_LAYER_P2P
#define TRANSPORTS TRI_LAYER_TRANSPORTS
#define MATCHING TRI_LAYER_MATCHING
#define WAITING TRI_LAYER_WAITING
#define COUNTED(field) .word = &tri_counters->field
#define AND(field) .other = &tri_counters->field

static uint64_t unexpected_of(const struct tri_comm *comm)
{
    return comm->match->unexpected.length;
}

static uint64_t posted_of(const struct tri_comm *comm)
{
    return comm->match->posted.length;
}

static uint64_t window(void)
{
    return (uint64_t)tri_peer_window;
}

const struct tri_pvar tri_pvars[] = {
    {"messages_sent", "messages that left this process, those of collectives included", P2P, USER, COUNTER,
     COUNTED(eager_sent), AND(announced)},
    {"bytes_sent", "bytes in the messages that left this process", P2P, USER, AGGREGATE, COUNTED(eager_sent_bytes),
     AND(announced_bytes)},
    {"messages_received", "messages that met their receive, those of collectives included", P2P, USER, COUNTER,
     COUNTED(eager_received), AND(accepted)},
    {"bytes_received", "bytes in the messages that met their receive", P2P, USER, AGGREGATE,
     COUNTED(eager_received_bytes), AND(accepted_bytes)},
    {"eager_messages", "messages sent at once, without waiting for the receiver", P2P, DETAIL, COUNTER,
     COUNTED(eager_sent)},
    {"rendezvous_messages", "messages that were announced and waited for their receive", P2P, DETAIL, COUNTER,
     COUNTED(announced)},
    {"streamed_messages", "rendezvous messages received in pieces through the transport", P2P, DETAIL, COUNTER,
     COUNTED(streamed)},
    {"read_messages", "rendezvous messages read straight from the sender's memory by the receiver", P2P, DETAIL,
     COUNTER, COUNTED(read)},
    {"written_messages", "rendezvous messages written straight into the receiver's memory by the sender", P2P, DETAIL,
     COUNTER, COUNTED(written)},
    {"shared_copy_messages",
     "rendezvous messages received by a copy that both sides take part in (cross-memory attach)", P2P, DETAIL, COUNTER,
     COUNTED(shared)},
    {"credit_stalls",
     "short messages that were announced because the receiver had too many unreceived ones "
     "(TRIREME_EAGER_CREDIT)",
     P2P, TUNER, COUNTER, COUNTED(credit_stalls)},
    {"room_stalls", "sends that had to queue because the transport had no room", TRANSPORTS, TUNER, COUNTER,
     COUNTED(room_stalls)},
    {"eager_window", "bytes of eager messages that a peer may have unreceived here; 0 before MPI_Init", P2P, TUNER,
     MPI_T_PVAR_CLASS_SIZE, .compute = window},
    {"unexpected_messages", "messages that came before their receive was posted", MATCHING, USER, COUNTER,
     COUNTED(unexpected)},
    {"unexpected_length", "messages that wait for their receive now", MATCHING, USER, LEVEL,
     COUNTED(unexpected_length)},
    {"unexpected_length_max", "most messages that waited for their receive at a time, in one lane of THREAD_MULTIPLE",
     MATCHING, USER, WATERMARK, COUNTED(unexpected_mark), AND(unexpected_length)},
    {"comm_unexpected_length", "messages of the communicator that wait for their receive now", MATCHING, DETAIL, LEVEL,
     .of_comm = unexpected_of},
    {"comm_posted_length", "receives of the communicator that wait for their message now", MATCHING, DETAIL, LEVEL,
     .of_comm = posted_of},
    {"match_passed_over", "entries that searches of the matching queues looked at and that did not match", MATCHING,
     TUNER, COUNTER, COUNTED(passed_over)},
    {"match_passed_over_max", "most entries that one search looked at in vain", MATCHING, TUNER, WATERMARK,
     COUNTED(longest_search)},
    {"waits", "times that a blocking call ran out of work and began to poll", WAITING, DETAIL, COUNTER, COUNTED(waits)},
    {"yields", "times that a waiting call gave its core to others", WAITING, TUNER, COUNTER, COUNTED(yields)},
    {"sleeps", "times that a waiting call slept", WAITING, DETAIL, COUNTER, COUNTED(sleeps)},
    {"sleep_time", "seconds that waiting calls slept", WAITING, DETAIL, TIMER, COUNTED(sleep_ns)},
    {"collectives", "collective operations begun", TRI_LAYER_COLLECTIVES, USER, COUNTER, COUNTED(collectives)},
    {"collective_reads", "times that a collective read straight from another rank's memory", TRI_LAYER_COLLECTIVES,
     DETAIL, COUNTER, COUNTED(collective_reads)},
    {"errors", "errors raised by MPI functions", TRI_LAYER_RUNTIME, USER, COUNTER, COUNTED(errors)},
};
const int tri_pvar_count = TRI_COUNT_OF(tri_pvars);

int tri_tools_pvar_count(void)
{
    return tri_pvar_count;
}

enum tri_layer tri_tools_pvar_layer(int index)
{
    return tri_pvars[index].layer;
}
