/* wire.h: the messages between mprun and the node part, and how they become bytes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_WIRE_H
#define TRI_MPRUN_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util.h"

/* Raised whenever a message changes; mprun and mprund of different versions refuse each other. */
#define TRI_WIRE_VERSION 4

/* A frame is a little-endian 32-bit payload length, a 32-bit type, a 32-bit node, the payload and a
 * newline. The node is where a frame on its way down the tree of daemons goes, or where one on its
 * way up comes from. The newline is for agents that pass on whole lines only, as srun does. */
#define TRI_WIRE_HEADER 12
#define TRI_WIRE_END '\n'
#define TRI_WIRE_MAX_PAYLOAD (1u << 30)

/* Instead of a number of bytes: nobody there reads stdin any more. */
#define TRI_INPUT_UNREAD UINT32_MAX

/* As a destination: all nodes of the subtree. */
#define TRI_NODE_ALL UINT32_MAX

/* Payloads in order of their fields; "blob" is a 32-bit length and that many bytes. */
enum tri_message {
    /* mprun to node */
    TRI_MSG_JOB = 1,    /* the job description, see jobdesc.h: start the ranks */
    TRI_MSG_STDIN,      /* blob; empty: end of file */
    TRI_MSG_ACK,        /* u32 rank, u32 stream, u32 bytes that were passed on */
    TRI_MSG_FENCE_DONE, /* u64 id, u32 status, blob with the data of all nodes */
    TRI_MSG_SIGNAL,     /* u32 signal for every rank */
    TRI_MSG_KILL,       /* u32 1: at once, 0: with a grace period */
    TRI_MSG_DONE,       /* the job is over: leave */
    TRI_MSG_PLACE,      /* see place_message.h: where the ranks run; comes before TRI_MSG_JOB */
    TRI_MSG_TREE,       /* the first one to a daemon, see tree.h: who it is, whom it starts */
    TRI_MSG_PING,       /* to one daemon from its parent: answer with TRI_MSG_PONG */
    /* both ways */
    TRI_MSG_MODEX_ASK,  /* u64 id, u32 rank */
    TRI_MSG_MODEX_GIVE, /* u64 id, u32 status, blob */
    /* node to mprun */
    TRI_MSG_STARTED,    /* u32 rank, u32 pid, string binding */
    TRI_MSG_OUTPUT,     /* u32 rank, u32 stream (1, 2), u32 1 if the line goes on, blob */
    TRI_MSG_TAKEN,      /* u32 bytes of stdin that all readers there were given, or UNREAD */
    TRI_MSG_FENCE,      /* u64 id, blob with the participants, blob with this node's data */
    TRI_MSG_EXIT,       /* u32 rank, u32 pid, u32 wait status, u32 1 if it left in mid-job */
    TRI_MSG_ABORT,      /* u32 rank, u32 pid, u32 code, string message */
    TRI_MSG_FAIL,       /* u32 exit code, string: why the ranks could not be started */
    TRI_MSG_IDLE,       /* every rank is gone and all its output was sent */
    TRI_MSG_READY,      /* the node's hardware, see place_machine.h */
    TRI_MSG_LOST,       /* string: why the node, and so all below it, is not there */
    TRI_MSG_NOTE,       /* string: a line for the user who wants to know all (-v) */
    TRI_MSG_PONG,
};

/* A growing message. All-zero is empty. */
struct tri_buffer {
    unsigned char *data;
    size_t len, capacity;
};

void tri_put_u32(struct tri_buffer *buffer, uint32_t value);
void tri_put_u64(struct tri_buffer *buffer, uint64_t value);
/* Bytes without a length. */
void tri_put_raw(struct tri_buffer *buffer, const void *data, size_t len);
void tri_put_blob(struct tri_buffer *buffer, const void *data, size_t len);
void tri_put_string(struct tri_buffer *buffer, const char *text);
void tri_put_strings(struct tri_buffer *buffer, const struct tri_strings *list);
void tri_buffer_free(struct tri_buffer *buffer);

/* Takes values out of a message in order. After a value that is not there, bad stays true and all
 * further values are 0 or empty: check it once, at the end. */
struct tri_reader {
    const unsigned char *at;
    size_t left;
    bool bad;
};

uint32_t tri_get_u32(struct tri_reader *reader);
uint64_t tri_get_u64(struct tri_reader *reader);
/* Points into the message; valid as long as that is. */
const void *tri_get_blob(struct tri_reader *reader, size_t *len);
/* A copy that the caller frees; never NULL. */
char *tri_get_string(struct tri_reader *reader);
void tri_get_strings(struct tri_reader *reader, struct tri_strings *list);
/* A count of items that each take at least min_size more bytes of the message. */
uint32_t tri_get_count(struct tri_reader *reader, size_t min_size);

#endif
