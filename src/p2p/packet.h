/* Packets: what the protocol layers of two processes say to each other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_PACKET_H
#define TRI_PACKET_H

#include <stdint.h>

enum { TRI_PACKET_VERSION = 3 };

/* S: from the sender of the message to its receiver; R: the other way. */
enum tri_packet_kind {
    TRI_PACKET_EAGER = 1, /* S: envelope and the whole message */
    TRI_PACKET_RTS,       /* S: envelope and struct tri_rts; the message waits at the sender */
    TRI_PACKET_ASK,       /* S: as RTS, of a message that could be eager, too: it takes credit, see ask.c */
    TRI_PACKET_CTS,       /* R: struct tri_cts; send the message as TRI_PACKET_DATA */
    TRI_PACKET_PUT,       /* R: struct tri_put; write the message there, see push.c */
    TRI_PACKET_SHARE,     /* R: struct tri_cts; help copying it, see share.c */
    TRI_PACKET_DATA,      /* S: struct tri_data, then the next piece of the message */
    TRI_PACKET_FIN,       /* R: struct tri_fin; the receiver has all it wants */
    TRI_PACKET_SHARED,    /* S: struct tri_fin; pieces that the sender has copied */
    TRI_PACKET_CREDIT,    /* R: struct tri_fin; eager bytes that have been received */
    TRI_PACKET_CANCEL,    /* S: struct tri_fin; takes an announcement back, number is its context */
    TRI_PACKET_CANCELLED, /* R: struct tri_fin; it had not been matched yet and is gone */
};

/* A slot names an operation that waits at one side (slots.h). */
struct tri_rts {
    uint64_t size;
    uint64_t address; /* 0: not in one piece, or not to be read by get */
    uint64_t key;     /* struct tri_remote_key */
    uint64_t sender;  /* slot */
    uint64_t pushes;  /* not 0: it is in one piece, and the sender can write it where it is told */
};

struct tri_put {
    uint64_t sender, receiver; /* slots */
    uint64_t address, key;     /* as in struct tri_rts, of the receiver */
};

struct tri_cts {
    uint64_t sender, receiver; /* slots */
    uint64_t address;          /* share: where to put the message */
    uint32_t number;           /* share: the claim counter; CTS: so many of this size may come eagerly, see way.c */
    uint32_t piece;            /* share: bytes of one piece */
};

struct tri_data {
    uint64_t receiver;
    uint64_t offset;
};

struct tri_fin {
    uint64_t slot;
    uint64_t number; /* FIN: as that of CTS, if not 0 */
};

#endif
