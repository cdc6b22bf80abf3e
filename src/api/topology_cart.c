/* Cartesian topologies (MPI 5.0, 8.5.1, 8.5.2, 8.5.5 to 8.5.8). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "../topology/dims.h"
#include "topology.h"

/* MPI_ERR_DIMS: a dimension is wrong; MPI_ERR_ARG: there are not enough processes, or an array is missing. */
static int check_grid(struct tri_comm *comm, int ndims, const int *dims, const int *periods)
{
    int64_t size = 1;
    TRI_CHECK(ndims >= 0, comm, MPI_ERR_ARG, "ndims is %d, but must be 0 or more", ndims);
    TRI_CHECK(ndims == 0 || dims, comm, MPI_ERR_ARG, "argument dims is NULL");
    TRI_CHECK(ndims == 0 || periods, comm, MPI_ERR_ARG, "argument periods is NULL");
    for (int i = 0; i < ndims; i++) {
        TRI_CHECK(dims[i] > 0, comm, MPI_ERR_DIMS, "dims[%d] is %d, but must be 1 or more", i, dims[i]);
    }
    for (int i = 0; i < ndims; i++) {
        size *= dims[i];
        TRI_CHECK(size <= comm->size, comm, MPI_ERR_ARG,
                  "the first %d of %d dimensions make a grid of %lld processes, but the communicator has %d", i + 1,
                  ndims, (long long)size, comm->size);
    }
    return MPI_SUCCESS;
}

TRI_API(Cart_create)(MPI_Comm comm_old, int ndims, const int dims[], const int periods[], int reorder,
                     MPI_Comm *comm_cart)
{
    TRI_TAKE_COMM(of, comm_old);
    int code = tri_api_check_topology_place(of, comm_cart);
    if (code == MPI_SUCCESS) {
        code = check_grid(of, ndims, dims, periods);
    }
    if (code != MPI_SUCCESS) {
        return code;
    }
    const struct tri_grid grid = {ndims, dims, periods};
    struct tri_comm *made;
    code = tri_cart_create(of, &grid, reorder != 0, &made);
    return tri_api_give_comm(code, made, comm_cart);
}

TRI_API(Cart_map)(MPI_Comm comm, int ndims, const int dims[], const int periods[], int *newrank)
{
    TRI_TAKE_COMM(of, comm);
    TRI_CHECK_INTRA(of);
    TRI_CHECK_POINTER(of, newrank);
    int code = check_grid(of, ndims, dims, periods);
    const struct tri_grid grid = {ndims, dims, periods};
    return code == MPI_SUCCESS ? tri_cart_map(of, &grid, newrank) : code;
}

TRI_API(Cart_sub)(MPI_Comm comm, const int remain_dims[], MPI_Comm *newcomm)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_CART);
    int code = tri_api_check_topology_place(of, newcomm);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(remain_dims || of->topology->cart.ndims == 0, of, MPI_ERR_ARG, "argument remain_dims is NULL");
    struct tri_comm *made;
    code = tri_cart_sub(of, remain_dims, &made);
    return tri_api_give_comm(code, made, newcomm);
}

TRI_API(Dims_create)(int nnodes, int ndims, int dims[])
{
    TRI_CHECK(nnodes > 0, NULL, MPI_ERR_ARG, "nnodes is %d, but must be 1 or more", nnodes);
    TRI_CHECK(ndims >= 0, NULL, MPI_ERR_ARG, "ndims is %d, but must be 0 or more", ndims);
    TRI_CHECK(ndims == 0 || dims, NULL, MPI_ERR_ARG, "argument dims is NULL");
    int64_t given = 1;
    bool open = false;
    for (int i = 0; i < ndims; i++) {
        TRI_CHECK(dims[i] >= 0, NULL, MPI_ERR_DIMS, "dims[%d] is %d, but must be 0 (to be chosen) or more", i,
                  dims[i]);
        open |= dims[i] == 0;
        given *= TRI_MAX(dims[i], 1);
        TRI_CHECK(given <= nnodes && nnodes % given == 0, NULL, MPI_ERR_DIMS,
                  "nnodes is %d, which is not a multiple of %lld, the product of the dimensions up to dims[%d] = %d",
                  nnodes, (long long)given, i, dims[i]);
    }
    TRI_CHECK(open || given == nnodes, NULL, MPI_ERR_DIMS,
              "nnodes is %d, but all %d dimensions are given and their product is %lld", nnodes, ndims,
              (long long)given);
    tri_dims_fill(nnodes, ndims, dims);
    return MPI_SUCCESS;
}

/* ---- questions ---- */

TRI_API(Cartdim_get)(MPI_Comm comm, int *ndims)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_CART);
    TRI_CHECK_POINTER(of, ndims);
    *ndims = of->topology->cart.ndims;
    return MPI_SUCCESS;
}

/* With less room the first dimensions, as in other libraries. */
TRI_API(Cart_get)(MPI_Comm comm, int maxdims, int dims[], int periods[], int coords[])
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_CART);
    const struct tri_cart *cart = &of->topology->cart;
    TRI_CHECK(maxdims >= 0, of, MPI_ERR_ARG, "maxdims is %d, but must be 0 or more", maxdims);
    size_t bytes = (size_t)TRI_MIN(maxdims, cart->ndims) * sizeof *dims;
    if (bytes > 0) {
        TRI_CHECK_POINTER(of, dims);
        TRI_CHECK_POINTER(of, periods);
        TRI_CHECK_POINTER(of, coords);
        memcpy(dims, cart->dims, bytes);
        memcpy(periods, cart->periods, bytes);
        memcpy(coords, cart->coords, bytes);
    }
    return MPI_SUCCESS;
}

TRI_API(Cart_coords)(MPI_Comm comm, int rank, int maxdims, int coords[])
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_CART);
    TRI_CHECK(rank >= 0 && rank < of->size, of, MPI_ERR_RANK, "rank is %d, but there are ranks 0 to %d", rank,
              of->size - 1);
    const struct tri_cart *cart = &of->topology->cart;
    TRI_CHECK(maxdims >= cart->ndims, of, MPI_ERR_ARG, "maxdims is %d, but the topology has %d dimensions", maxdims,
              cart->ndims);
    TRI_CHECK(coords || cart->ndims == 0, of, MPI_ERR_ARG, "argument coords is NULL");
    tri_cart_coords(cart, rank, coords);
    return MPI_SUCCESS;
}

TRI_API(Cart_rank)(MPI_Comm comm, const int coords[], int *rank)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_CART);
    const struct tri_cart *cart = &of->topology->cart;
    TRI_CHECK_POINTER(of, rank);
    TRI_CHECK(coords || cart->ndims == 0, of, MPI_ERR_ARG, "argument coords is NULL");
    for (int i = 0; i < cart->ndims; i++) {
        TRI_CHECK(cart->periods[i] || (coords[i] >= 0 && coords[i] < cart->dims[i]), of, MPI_ERR_ARG,
                  "coords[%d] is %d, but that dimension is not periodic and has coordinates 0 to %d", i, coords[i],
                  cart->dims[i] - 1);
    }
    *rank = tri_cart_rank(cart, coords);
    return MPI_SUCCESS;
}

TRI_API(Cart_shift)(MPI_Comm comm, int direction, int disp, int *rank_source, int *rank_dest)
{
    TRI_TAKE_TOPOLOGY(of, comm, MPI_CART);
    const struct tri_cart *cart = &of->topology->cart;
    TRI_CHECK(direction >= 0 && direction < cart->ndims, of, MPI_ERR_DIMS,
              "direction is %d, but the topology has %d dimensions, counted from 0", direction, cart->ndims);
    TRI_CHECK_POINTER(of, rank_source);
    TRI_CHECK_POINTER(of, rank_dest);
    *rank_source = tri_cart_shifted(cart, direction, -(int64_t)disp);
    *rank_dest = tri_cart_shifted(cart, direction, disp);
    return MPI_SUCCESS;
}
