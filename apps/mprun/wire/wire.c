/* wire.c: turns values into bytes and back. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

static unsigned char *extend(struct tri_buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->len < more) {
        buffer->capacity = 2 * buffer->capacity + more + 64;
        buffer->data = tri_regrow(buffer->data, buffer->capacity, 1);
    }
    unsigned char *place = buffer->data + buffer->len;

    buffer->len += more;
    return place;
}

void tri_put_u32(struct tri_buffer *buffer, uint32_t value)
{
    unsigned char *place = extend(buffer, 4);

    for (int i = 0; i < 4; i++) {
        place[i] = (unsigned char)(value >> (8 * i));
    }
}

void tri_put_u64(struct tri_buffer *buffer, uint64_t value)
{
    tri_put_u32(buffer, (uint32_t)value);
    tri_put_u32(buffer, (uint32_t)(value >> 32));
}

void tri_put_raw(struct tri_buffer *buffer, const void *data, size_t len)
{
    if (len > 0) {
        memcpy(extend(buffer, len), data, len);
    }
}

void tri_put_blob(struct tri_buffer *buffer, const void *data, size_t len)
{
    tri_put_u32(buffer, (uint32_t)len);
    tri_put_raw(buffer, data, len);
}

void tri_put_string(struct tri_buffer *buffer, const char *text)
{
    tri_put_blob(buffer, text, strlen(text));
}

void tri_put_strings(struct tri_buffer *buffer, const struct tri_strings *list)
{
    tri_put_u32(buffer, (uint32_t)list->count);
    for (size_t i = 0; i < list->count; i++) {
        tri_put_string(buffer, list->items[i]);
    }
}

void tri_buffer_free(struct tri_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct tri_buffer){0};
}

static const unsigned char *take(struct tri_reader *reader, size_t len)
{
    if (reader->bad || reader->left < len) {
        reader->bad = true;
        return NULL;
    }
    const unsigned char *place = reader->at;

    reader->at += len;
    reader->left -= len;
    return place;
}

uint32_t tri_get_u32(struct tri_reader *reader)
{
    const unsigned char *place = take(reader, 4);
    uint32_t value = 0;

    for (int i = 0; place != NULL && i < 4; i++) {
        value |= (uint32_t)place[i] << (8 * i);
    }
    return value;
}

uint64_t tri_get_u64(struct tri_reader *reader)
{
    uint64_t low = tri_get_u32(reader);

    return low | (uint64_t)tri_get_u32(reader) << 32;
}

const void *tri_get_blob(struct tri_reader *reader, size_t *len)
{
    *len = tri_get_u32(reader);
    const unsigned char *place = take(reader, *len);

    if (place == NULL) {
        *len = 0;
    }
    return place;
}

char *tri_get_string(struct tri_reader *reader)
{
    size_t len;
    const char *place = tri_get_blob(reader, &len);
    char *text = tri_alloc(len + 1, 1);

    if (place != NULL) {
        memcpy(text, place, len);
    }
    return text;
}

uint32_t tri_get_count(struct tri_reader *reader, size_t min_size)
{
    uint32_t count = tri_get_u32(reader);

    if (count > reader->left / min_size) {
        reader->bad = true;
        return 0;
    }
    return count;
}

void tri_get_strings(struct tri_reader *reader, struct tri_strings *list)
{
    uint32_t count = tri_get_count(reader, 4);

    for (uint32_t i = 0; i < count; i++) {
        tri_strings_give(list, tri_get_string(reader));
    }
}
