/* What the files of the ucx transport share: its one state, its endpoints, its buffers. Internal to transports/ucx. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_UCX_H
#define TRI_UCX_H

#include "../transport.h"

#include <time.h>

#include <ucp/api/ucp.h>

/* What UCX's tcp receives as one. In interleaved rounds at 1 MiB pieces of twice 64 KiB were quicker than once (4.8 and
 * 4.2 GB/s), and larger ones slower, which leave the core's cache. */
#define TRI_UCX_RECEIVED "128k"

enum {
    TRI_UCX_WIRE_VERSION = 1,
    TRI_UCX_TOKEN_LENGTH = 16,
    TRI_UCX_SHORT_MAX = 216,       /* as ofi's: with the header four cache lines */
    TRI_UCX_BCOPY_MAX = 60 * 1024, /* with all headers below 64 KiB, which UCX's transports send as one */
    TRI_UCX_PIECE = 124 * 1024,    /* of a get or put over TCP; with all headers below TRI_UCX_RECEIVED */
    TRI_UCX_FETCH_MIN = 8 * 1024,  /* over a fabric that reads remote memory, less is sent at once */
    TRI_UCX_GRACE = 2,             /* seconds, see tri_ucx_lose */
    TRI_UCX_LAST_WORDS = 5,        /* seconds that close() gives peers to take their connections' end */
};

/* At the head of what a process publishes under "ucx.addr.0" and so on; its address follows. */
struct tri_ucx_card {
    uint32_t version;
    uint32_t address_length;
    uint8_t token[TRI_UCX_TOKEN_LENGTH]; /* see struct tri_ucx_stamp */
};

/* Kinds of active messages, UCX's ids for them. */
enum {
    TRI_UCX_PACKET, /* what the protocol layer sends */
    TRI_UCX_WANT,   /* get: please send me that memory */
    TRI_UCX_DATA,   /* get: a piece of it */
    TRI_UCX_PUT,    /* put: a piece of memory to store */
    TRI_UCX_DONE,   /* the end of a put, or the refusal of either */
    TRI_UCX_BYE,    /* the sender closes its connection and has nothing more to say */
    TRI_UCX_KINDS,
};

/* At the head of each message. Only a process that read our published value knows the token, so a message without it is
 * a stranger's. */
struct tri_ucx_stamp {
    uint8_t token[TRI_UCX_TOKEN_LENGTH]; /* the receiver's */
    uint32_t peer;                       /* peer index of the sender */
    uint32_t number; /* packets: counts those of one pair, so that a lost one is noticed; else the part of a transfer */
};

struct tri_ucx_packet {
    struct tri_ucx_stamp stamp;
    struct tri_envelope envelope;
};

/* Of WANT and PUT: where in the receiver's memory. */
struct tri_ucx_place {
    struct tri_ucx_stamp stamp;
    uint64_t address;
    uint64_t len;
    uint64_t key;
};

/* Of DATA and DONE. */
struct tri_ucx_answer {
    struct tri_ucx_stamp stamp;
    uint64_t offset;  /* DATA: within the part */
    uint64_t refused; /* DONE: 1 when there is no such memory to read or write */
};

union tri_ucx_header {
    struct tri_ucx_stamp stamp;
    struct tri_ucx_packet packet;
    struct tri_ucx_place place;
    struct tri_ucx_answer answer;
};

_Static_assert(sizeof(struct tri_ucx_packet) == 40 && sizeof(struct tri_ucx_place) == 48 &&
                   sizeof(struct tri_ucx_answer) == 40,
               "wire headers have no holes");

struct tri_ucx_endpoint {
    struct tri_endpoint base;
    ucp_ep_h ep;
    uint8_t token[TRI_UCX_TOKEN_LENGTH];
    uint32_t sequence;  /* of the next packet to go */
    unsigned in_flight; /* packets that UCX has not sent yet */
    bool broken;        /* UCX has given the connection up: see tri_ucx_lose */
};

/* What a message is sent from: its header, and for packets the payload. Belongs to its pool, or to the message that is
 * under way from it. */
struct tri_ucx_pool;
struct tri_ucx_buffer {
    struct tri_ucx_pool *pool;
    struct tri_ucx_buffer *next; /* in the pool */
    struct tri_ucx_endpoint *endpoint;
    void (*sent)(void *owner, int status); /* NULL, or called when a message that was launched has left or failed */
    void *owner;
    bool counted; /* in the endpoint's in_flight */
    union tri_ucx_header header;
    char payload[];
};

/* Everything of the transport; one per process. Zero before open() and after close(). */
struct tri_ucx {
    const struct tri_host *host;
    ucp_context_h context;
    ucp_worker_h worker;
    int fd;          /* readable when UCX has something to do and was armed */
    bool closing;    /* errors of peers that are gone already do not matter any more */
    bool rendezvous; /* the fabric reads and writes remote memory itself: long data goes by UCX's own rendezvous */
    bool stranger_noted;
    bool logging;   /* our log handler is installed */
    unsigned sends; /* messages under way, all endpoints */
    uint8_t token[TRI_UCX_TOKEN_LENGTH];
    struct tri_ucx_endpoint **endpoints; /* by peer index; NULL until connect() */
    uint32_t *expected;                  /* by peer index: sequence number of the next packet to deliver */
    bool *left;                          /* by peer index: it has said goodbye */
    struct {
        time_t since; /* 0: none is */
        int peer;
        ucs_status_t status;
        bool told;
    } lost; /* the first peer that is lost */
};

extern struct tri_ucx tri_ucx;

/* ucx.c: seconds of the monotonic clock; the table of this transport. */
time_t tri_ucx_now(void);
const struct tri_transport *tri_ucx_table(void);

/* ucx.c: says that something with that peer failed, unless that is of no importance any more. */
void tri_ucx_fail(int peer, const char *what, ucs_status_t status);

/* ucx.c: the connection to a peer broke, which it is not to do before the peer has said goodbye. A peer that died
 * breaks its connections before the launcher knows of the death, and has the better report of it: so the launcher gets
 * a moment to end the job. Meanwhile nothing goes to that peer (no resource), and what has failed is not said to have.
 */
void tri_ucx_lose(struct tri_ucx_endpoint *endpoint, ucs_status_t status);
bool tri_ucx_in_grace(void);

/* context.c: UCX's context and worker, with our settings wherever the user made none. TRI_OK or TRI_FAILED: the reason
 * was noted. */
int tri_ucx_context_open(void);
void tri_ucx_context_close(void);
void tri_ucx_survey(const struct tri_host *host);

/* address.c: publishing, and endpoints. */
int tri_ucx_publish(void);
struct tri_endpoint *tri_ucx_connect(unsigned lane, int peer);
void tri_ucx_stamp(const struct tri_ucx_endpoint *endpoint, struct tri_ucx_stamp *stamp, uint32_t number);
void tri_ucx_disconnect(void); /* orderly, as far as the peers still listen */

/* buffer.c: a buffer with room for that payload, or NULL: no memory, or too much of it taken. And sending a message
 * from one, which takes it: data is not copied and must stay until sent() is called, perhaps from within. TRI_OK, or
 * TRI_FAILED: the endpoint is lost, and sent() will not be called. */
struct tri_ucx_buffer *tri_ucx_take(struct tri_ucx_endpoint *endpoint, size_t payload);
int tri_ucx_launch(struct tri_ucx_buffer *buffer, unsigned kind, size_t header, const void *data, size_t len,
                   bool rendezvous);
void tri_ucx_buffers_close(void);

/* send.c */
int tri_ucx_send_short(struct tri_endpoint *base, const struct tri_envelope *envelope, const void *payload, size_t len);
int tri_ucx_send_bcopy(struct tri_endpoint *base, const struct tri_envelope *envelope, tri_pack_fn *pack, void *arg,
                       size_t len);

/* receive.c: tells UCX who handles the messages. And the check that each of them passes before it is believed: copies
 * the header, returns the sender's peer index, or -1 for what is no message of a peer's. */
int tri_ucx_receive_open(void);
int tri_ucx_accept(const void *header, size_t header_length, void *copy, size_t expected);

/* Receives the data of a message into memory, now or when UCX has fetched it: then fetch->done(), TRI_OK or TRI_FAILED.
 * To be called from a handler, which returns the result. The fetch is the caller's and stays until then. */
struct tri_ucx_fetch {
    void (*done)(struct tri_ucx_fetch *self, int status);
};
ucs_status_t tri_ucx_receive_data(void *to, void *data, size_t len, const ucp_am_recv_param_t *param,
                                  struct tri_ucx_fetch *fetch);

/* remote.c: get and put, the side that asks: transfers of ../transfer.h. */
void tri_ucx_remote_open(void);
void tri_ucx_transfers_break(const struct tri_ucx_endpoint *endpoint); /* what waits for this peer has failed */
int tri_ucx_get(struct tri_endpoint *base, void *local, uint64_t address, const struct tri_remote_key *key, size_t len,
                struct tri_completion *completion);
int tri_ucx_put(struct tri_endpoint *base, const void *local, uint64_t address, const struct tri_remote_key *key,
                size_t len, struct tri_completion *completion);
ucs_status_t tri_ucx_on_data(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param);
ucs_status_t tri_ucx_on_done(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param);

/* serve.c: registered memory, and the side that owns it. */
int tri_ucx_register(void *address, size_t len, struct tri_remote_key *key, void **handle);
void tri_ucx_unregister(void *handle);
void tri_ucx_regions_close(void);
ucs_status_t tri_ucx_on_want(void *arg, const void *header, size_t header_length, void *data, size_t len,
                             const ucp_am_recv_param_t *param);
ucs_status_t tri_ucx_on_put(void *arg, const void *header, size_t header_length, void *data, size_t len,
                            const ucp_am_recv_param_t *param);

#endif
