/* The transport contract: what src/p2p may ask of self, shm, ofi (and ucx), and what they may ask of it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TRANSPORT_H
#define TRI_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A transport moves packets between the processes of a job. A process is named by its *peer index*: its rank in the
 * job, 0 to host->size - 1. Packets from one process to one other arrive once and in the order they were sent, whatever
 * their kind or size; nothing is promised between different pairs. Transports neither match nor buffer beyond their own
 * rings: a packet that can not go now is refused (TRI_NO_RESOURCE) and the caller keeps it.
 *
 * Threads: there are host->lanes lanes, numbered from 0. The caller serialises all calls about one lane (its lock):
 * connect and progress with its number, and what is done with its endpoints. Calls about different lanes may be made at
 * the same time; claim, claim_reset, register_memory and unregister_memory at any time; share, unshare and wake beside
 * calls about other lanes than 0; all others only while no other call is under way. A transport with several lanes
 * keeps their packets apart: those that one lane sends come out of the same lane at the peer. No call blocks, except
 * open(), close() and the first connect() to a peer or lanes() of it, which may wait for what the peer publishes. */

/* Results of transport calls. */
enum {
    TRI_OK = 0,
    TRI_NO_RESOURCE = 1,  /* full right now: queue it, progress, try again; nothing was sent */
    TRI_IN_PROGRESS = 2,  /* get/put: started, the completion will be called from progress() */
    TRI_UNSUPPORTED = -1, /* this endpoint can not do that (and never will) */
    TRI_FAILED = -2,      /* the peer or the device is lost; host->fail has been told why */
};

enum { TRI_NOTICE_BITS = 56 }; /* of the word of a put_notify */

/* The part of a packet that matching needs. Opaque to transports: they carry these 16 bytes as they are. */
struct tri_envelope {
    uint8_t kind;    /* enum tri_packet_kind of src/p2p/packet.h */
    uint8_t version; /* TRI_PACKET_VERSION; the receiver of another version refuses the packet */
    uint16_t lane;   /* 0; written only by laned.h, where the packets of several lanes take one way */
    uint32_t context; /* context id of the communicator */
    int32_t source;   /* rank of the sender in that communicator */
    int32_t tag;
};

/* What a peer needs for get and put on a piece of our memory. Sent in packets, so of fixed size. */
struct tri_remote_key {
    uint64_t word; /* ofi: the memory registration's key; shm and self: 0 */
};

/* One connection to one peer. A transport embeds this as the first member of its own endpoint. */
struct tri_transport;
struct tri_endpoint {
    const struct tri_transport *transport;
    int peer;
    unsigned can;  /* TRI_CAN_* bits: what works to this very peer, as connect() found out last */
    size_t moving; /* bytes of long data under way (transfer.h) */
};

enum {
    TRI_CAN_GET = 1u << 0,   /* get() reads the peer's memory */
    TRI_CAN_PUT = 1u << 1,   /* put() writes the peer's memory */
    TRI_CAN_CLAIM = 1u << 2, /* claim() works: both sides may share the copying of one transfer */
};

/* Called once, from progress() or close(), when a send, get or put that was TRI_IN_PROGRESS has ended. status is TRI_OK
 * or TRI_FAILED. The object belongs to the caller and must live until then; the callback may free it. */
struct tri_completion {
    void (*done)(struct tri_completion *self, int status);
};

/* Fixed numbers of a transport, filled by open() and constant from then on. */
struct tri_limits {
    size_t short_max; /* longest payload of send_short, bytes; at least 40 */
    size_t bcopy_max; /* longest payload of send_bcopy and send_zcopy, bytes; at least 4096 */
    size_t zcopy_min; /* shortest payload for which send_zcopy pays; 0: it has none */
    size_t notify_max; /* longest put_notify, bytes; 0: it has none */
    unsigned claims;  /* transfers that claim() can serve at a time; 0: none */
    unsigned lanes;   /* lanes it has: host->lanes, or 1, and all calls are about lane 0; 0 is 1 */
    unsigned poll_every; /* so costly is progress(): in a wait call it only each that many times, unless it was the last
                          * transport in which something happened; 0 is 1 */
};

/* What to sleep on until a packet may have come: a futex word, or a descriptor that becomes readable. */
struct tri_wakeup {
    uint32_t *futex; /* NULL when fd is used */
    uint32_t value;  /* the futex is to be waited on while it holds this */
    int fd;          /* -1 when futex is used */
};

/* Writes the payload of a bcopy packet, exactly len bytes, to dest. Must not call the transport. */
typedef void tri_pack_fn(void *arg, void *dest, size_t len);

/* What the library offers to a transport. Handed to open(); constant and valid until close() has returned. */
struct tri_host {
    int rank; /* own peer index */
    int size; /* number of peers, own included */
    unsigned lanes; /* of this process; others may have another number */

    /* One string that is the same in all processes of the job and differs between jobs. Not a secret. */
    const char *job;

    /* Processes on this node in ascending order of peer index, own included. */
    const int *local;
    int local_count;

    /* True while more than one rank shares a core here: nothing should spin inside the transport. */
    bool oversubscribed;

    /* Gives a received packet to the protocol layer. Called from progress() only. payload is valid during the call and
     * may lie in memory that a peer can still write: the receiver copies before it checks. The callee may call the
     * send functions, connect, get, put, put_notify and claim of any transport about this lane, but not progress. */
    void (*deliver)(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len);

    /* The word of a put_notify to this process whose data are in place. Called as deliver is. The peer is not told: the
     * word is to name all that must be known, but nobody from outside the job can have sent it. */
    void (*notified)(unsigned lane, uint64_t notice);

    /* Publishes a value under a key for all peers, from open() only; or gets the one that a peer published. Peers see
     * what a process published when all its transports are open; lookup blocks until then. It returns the length, or -1
     * with the reason already reported. Values are at most 1 KiB. */
    int (*publish)(const char *key, const void *value, size_t len);
    int (*lookup)(int peer, const char *key, void *value, size_t capacity);

    /* Value of a row of the variables table (src/runtime/variables.c), by its name without the TRIREME_ prefix.
     * text is never NULL. */
    int64_t (*number)(const char *name);
    const char *(*text)(const char *name);

    /* A fatal fault of the transport, one line without the newline: what, with which peer, what to do. peer is -1 when
     * no single one is to blame. May not return. */
    void (*fail)(int peer, const char *format, ...) __attribute__((format(printf, 2, 3)));

    /* A line for people who asked for it (TRIREME_VERBOSE); costs nothing otherwise. */
    void (*note)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

struct tri_transport {
    const char *name;

    /* Starts the transport in this process and publishes what peers need. Returns TRI_OK and the limits, or
     * TRI_UNSUPPORTED with nothing left behind, when it can not be used here (the reason goes to host->note). */
    int (*open)(const struct tri_host *host, struct tri_limits *limits);

    /* Ends it: waits until what was accepted has left this process, frees everything. All endpoints die with it. */
    void (*close)(void);

    /* Whether packets can be carried to this peer at all. Cheap, no side effect. */
    bool (*reaches)(int peer);

    /* How many lanes the peer has in this transport, once something has come from it. NULL: 1. */
    unsigned (*lanes)(int peer);

    /* The endpoint to a peer in a lane; made at the first call, the same one afterwards, though a later call may find
     * out that it can do more; owned by the transport. NULL when it could not be made (host->fail was told). */
    struct tri_endpoint *(*connect)(unsigned lane, int peer);

    /* Sends envelope and up to short_max bytes. The memory may be reused as soon as it returns. TRI_OK, TRI_NO_RESOURCE
     * or TRI_FAILED. */
    int (*send_short)(struct tri_endpoint *ep, const struct tri_envelope *envelope, const void *payload, size_t len);

    /* Sends envelope and a payload of up to bcopy_max bytes that pack(arg, ...) writes into the transport's own buffer
     * during the call. pack is not called when the answer is TRI_NO_RESOURCE. Results as send_short. */
    int (*send_bcopy)(struct tri_endpoint *ep, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                      size_t len);

    /* Sends envelope and a payload of zcopy_min to bcopy_max bytes out of the caller's memory. TRI_OK: that may be
     * reused; TRI_IN_PROGRESS: not before the completion is called; otherwise as send_short. */
    int (*send_zcopy)(struct tri_endpoint *ep, const struct tri_envelope *envelope, const void *payload, size_t len,
                      struct tri_completion *completion);

    /* Makes memory reachable for get/put of peers, and ends that. handle is the transport's and goes back to
     * unregister_memory. TRI_OK or TRI_FAILED (not reported: the caller then sends without get/put). */
    int (*register_memory)(void *address, size_t len, struct tri_remote_key *key, void **handle);
    void (*unregister_memory)(void *handle);

    /* Copies len bytes from (get) or to (put) remote memory that the peer registered. TRI_OK: done, the completion will
     * not be called; TRI_IN_PROGRESS; TRI_NO_RESOURCE; TRI_UNSUPPORTED: also when the kernel refused, in which case the
     * endpoint's TRI_CAN_ bit is cleared and nothing was copied. local need not be registered. A transport that shares
     * memory (share, below) asks for no registration and no key, and is done when it returns. */
    int (*get)(struct tri_endpoint *ep, void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
               struct tri_completion *completion);
    int (*put)(struct tri_endpoint *ep, const void *local, uint64_t remote, const struct tri_remote_key *key, size_t len,
               struct tri_completion *completion);

    /* As put, of 1 to notify_max bytes, but the completion only says that local may be reused. When the data are in
     * place, the peer's host->notified is called in this lane with notice, a word of TRI_NOTICE_BITS. Packets may
     * overtake it. */
    int (*put_notify)(struct tri_endpoint *ep, const void *local, uint64_t remote, const struct tri_remote_key *key,
                      size_t len, uint64_t notice, struct tri_completion *completion);

    /* Sharing one transfer, in any lane: the receiver of the data owns counters 0 to claims - 1. claim() returns the
     * counter's value and adds one, atomically between the two processes; owner is the peer index whose counter it is.
     * reset, by the owner, before the peer knows of it, sets it to 0. */
    uint32_t (*claim)(int owner, unsigned counter);
    void (*claim_reset)(unsigned counter);

    /* Memory that the processes of a node share, or NULL (all three) where there is none. Each process has a space of
     * 1 TiB; share() maps a piece of that of a peer, or of the own one (which the owner's call allocates: the others map
     * it afterwards). Offsets are multiples of the page size; zeros at first, kept until close(). NULL: no memory.
     * wake() ends the sleep of a peer that may sleep for what has been stored there; it looks at it itself before it
     * sleeps, when it has armed. */
    void *(*share)(int peer, uint64_t offset, size_t len);
    void (*unshare)(void *memory, size_t len);
    void (*wake)(int peer);

    /* Receives what has come in the lane and moves on what is under way. Returns the number of things that happened. */
    int (*progress)(unsigned lane);

    /* Before sleeping: after TRI_OK any later packet of lane 0, and of any other whose
     * progress has been called, makes wakeup fire, until disarm(). TRI_NO_RESOURCE: something is
     * there already, do not sleep. as_fd asks for a descriptor; otherwise the transport chooses. */
    int (*arm)(bool as_fd, struct tri_wakeup *wakeup);
    void (*disarm)(void);

    /* For people who ask what there is (mpinfo): a line to host->note for each provider or device on this node, with
     * why it would be taken or not. Without open(); of host only text, number and note are used. NULL: no choice. */
    void (*survey)(const struct tri_host *host);
};

#endif
