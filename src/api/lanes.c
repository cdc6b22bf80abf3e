/* Which lane a call is about: looked up before any lock is taken, for faces of TRI_API_LANE. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "requests.h"

unsigned tri_api_lanes_of_comm(MPI_Comm handle)
{
    const struct tri_comm *comm = tri_comm_get(handle);
    return comm ? 1u << comm->lane : TRI_LANES_ALL;
}

/* 0: none, as with MPI_REQUEST_NULL, or a message that went at once. A buffered send is accounted for in lane 0,
 * wherever it goes. */
static unsigned lanes_of(MPI_Request handle)
{
    bool valid;
    const struct tri_request *request = tri_request_get(handle, &valid);
    if (!valid || (request && request->mode == TRI_SEND_BUFFERED)) {
        return TRI_LANES_ALL;
    }
    return request && request != &tri_request_sent ? 1u << request->lane : 0;
}

unsigned tri_api_lanes_of_request(const MPI_Request *handle)
{
    return tri_api_lanes_of_requests(handle != NULL, handle);
}

unsigned tri_api_lanes_of_requests(int count, const MPI_Request *handles)
{
    unsigned lanes = 0;
    for (int i = 0; i < count && handles; i++) {
        lanes |= lanes_of(handles[i]);
    }
    return lanes & (lanes - 1) ? TRI_LANES_ALL : lanes;
}

unsigned tri_api_lanes_of_message(const MPI_Message *handle)
{
    return handle && tri_object_is(*handle, TRI_MESSAGE) ? 1u << tri_message_lane((const void *)*handle)
                                                         : TRI_LANES_ALL;
}
