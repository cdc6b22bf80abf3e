/* The types of mpbench datatype: vector, indexed, struct and the faces of a box. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"
#include "shapes.h"

#include <stdlib.h>

enum { CELL = sizeof(double), BOX_DEPTH = 16 };

const char *const shape_names[SHAPES] = {"vector",  "indexed", "struct",
                                         "face_xy", "face_xz", "face_yz"};

static void add_block(struct shape *shape, size_t offset, size_t length)
{
    shape->block[shape->blocks++] = (struct block){offset, length};
    if (offset + length > shape->span)
        shape->span = offset + length;
}

/* Four of every eight cells. */
static void make_vector(struct shape *shape, int payload)
{
    int blocks = payload / (4 * CELL);

    MPI_Type_vector(blocks, 4, 8, MPI_DOUBLE, &shape->type);
    for (int i = 0; i < blocks; i++)
        add_block(shape, (size_t)i * 8 * CELL, 4 * CELL);
}

/* Blocks of one to five cells, one to seven cells apart, without a regular step. */
static void make_indexed(struct shape *shape, int payload)
{
    int left = payload / CELL, place = 0, blocks = 0;
    int *lengths = (int *)buffer_new((size_t)left * sizeof *lengths);
    int *places = (int *)buffer_new((size_t)left * sizeof *places);

    for (; left > 0; blocks++) {
        int length = 1 + blocks * 7L % 5;
        lengths[blocks] = length < left ? length : left;
        places[blocks] = place;
        add_block(shape, (size_t)place * CELL, (size_t)lengths[blocks] * CELL);
        left -= lengths[blocks];
        place += length + 1 + blocks * 11L % 7;
    }
    MPI_Type_indexed(blocks, lengths, places, MPI_DOUBLE, &shape->type);
    free(lengths);
    free(places);
}

/* A particle as a compiler lays it out: 32 bytes of fields and two holes in 40 bytes. */
struct particle {
    int id;
    double position[3];
    short cell;
    char flags[2];
};

_Static_assert(sizeof(struct particle) == 40, "struct particle has no holes here");

static void make_struct(struct shape *shape, int payload)
{
    int lengths[] = {1, 3, 1, 2};
    MPI_Aint places[] = {offsetof(struct particle, id), offsetof(struct particle, position),
                         offsetof(struct particle, cell), offsetof(struct particle, flags)};
    MPI_Datatype types[] = {MPI_INT, MPI_DOUBLE, MPI_SHORT, MPI_CHAR}, fields;

    MPI_Type_create_struct(4, lengths, places, types, &fields);
    MPI_Type_create_resized(fields, 0, sizeof(struct particle), &shape->type);
    MPI_Type_free(&fields);
    shape->count = payload / 32;
    for (int i = 0; i < shape->count; i++) {
        size_t at = (size_t)i * sizeof(struct particle);
        add_block(shape, at, sizeof(int));
        add_block(shape, at + offsetof(struct particle, position), 3 * sizeof(double));
        add_block(shape, at + offsetof(struct particle, cell), 4);
    }
    shape->span = (size_t)shape->count * sizeof(struct particle);
}

/* One layer of cells, as square as the payload allows, of a box [z][y][x] that is BOX_DEPTH deep
 * along `normal` and has a layer of ghost cells around it. */
static void make_face(struct shape *shape, int payload, int normal)
{
    int cells = payload / CELL, side = 1, whole[3], part[3], start[3] = {1, 1, 1};

    for (int i = 1; (long)i * i <= cells; i++)
        if (cells % i == 0)
            side = i;
    for (int d = 0, first = 1; d < 3; d++) {
        part[d] = d == normal ? 1 : first ? side : cells / side;
        whole[d] = d == normal ? BOX_DEPTH : part[d] + 2;
        first = first && d == normal;
    }
    MPI_Type_create_subarray(3, whole, part, start, MPI_ORDER_C, MPI_DOUBLE, &shape->type);
    for (int z = 1; z <= part[0]; z++)
        for (int y = 1; y <= part[1]; y++)
            add_block(shape, (((size_t)z * (size_t)whole[1] + (size_t)y) * (size_t)whole[2] + 1) * CELL,
                      (size_t)part[2] * CELL);
    shape->span = (size_t)whole[0] * (size_t)whole[1] * (size_t)whole[2] * CELL;
}

void shape_open(struct shape *shape, int which, int payload)
{
    /* No shape has more blocks than cells. */
    *shape = (struct shape){.count = 1};
    shape->block = (struct block *)buffer_new((size_t)payload / CELL * sizeof *shape->block);
    switch (which) {
    case 0:
        make_vector(shape, payload);
        break;
    case 1:
        make_indexed(shape, payload);
        break;
    case 2:
        make_struct(shape, payload);
        break;
    default:
        make_face(shape, payload, which - 3);
    }
    MPI_Type_commit(&shape->type);
}

void shape_close(struct shape *shape)
{
    MPI_Type_free(&shape->type);
    free(shape->block);
}
