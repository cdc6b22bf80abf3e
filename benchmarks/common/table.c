/* One table of numbers printed as aligned text, CSV or JSON. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* JSON wants rows and facts apart although they come mixed, so each is gathered in a stream. */
struct gathered {
    FILE *stream;
    char *text;
    size_t length;
};

struct table {
    enum table_format format;
    const char *name;
    const struct column *columns;
    int count;
    int rows;
    int facts;
    struct gathered json_rows, json_facts;
};

static void gather(struct gathered *part)
{
    part->stream = open_memstream(&part->text, &part->length);
    if (!part->stream) {
        perror("table");
        exit(EXIT_FAILURE);
    }
}

static int column_width(const struct column *column)
{
    int width = (int)strlen(column->name);

    return width < 12 ? 12 : width;
}

static void print_header(const struct table *table)
{
    if (table->format == FORMAT_TEXT)
        printf("#");
    for (int i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (table->format == FORMAT_TEXT)
            printf("%*s", column_width(column) + (i > 0), column->name);
        else
            printf("%s%s", i ? "," : "", column->name);
    }
    putchar('\n');
    fflush(stdout);
}

struct table *table_open(enum table_format format, const char *name, const struct column *columns,
                         int count)
{
    struct table *table = calloc(1, sizeof *table);

    if (!table) {
        perror("table");
        exit(EXIT_FAILURE);
    }
    *table = (struct table){.format = format, .name = name, .columns = columns, .count = count};
    if (format == FORMAT_JSON) {
        gather(&table->json_rows);
        gather(&table->json_facts);
    } else {
        printf("# benchmark: %s\n", name);
    }
    return table;
}

static void print_json_string(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(stream, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(stream, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, stream);
    }
    fputc('"', stream);
}

void table_fact(struct table *table, const char *key, const char *format, ...)
{
    char value[512];
    va_list args;

    if (!table)
        return;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    if (table->format == FORMAT_JSON) {
        fputs(table->facts++ ? ", " : "", table->json_facts.stream);
        print_json_string(table->json_facts.stream, key);
        fputs(": ", table->json_facts.stream);
        print_json_string(table->json_facts.stream, value);
    } else {
        printf("# %s: %s\n", key, value);
        fflush(stdout);
    }
}

static void print_json_row(struct table *table, const double *values)
{
    FILE *stream = table->json_rows.stream;

    fputs(table->rows ? ",\n    {" : "\n    {", stream);
    for (int i = 0; i < table->count; i++) {
        fprintf(stream, "%s\"%s\": ", i ? ", " : "", table->columns[i].name);
        if (isnan(values[i]))
            fputs("null", stream);
        else
            fprintf(stream, "%.*f", table->columns[i].precision, values[i]);
    }
    fputc('}', stream);
}

static void print_plain_row(const struct table *table, const double *values)
{
    bool text = table->format == FORMAT_TEXT;

    for (int i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        char cell[64] = "";

        if (!isnan(values[i]))
            snprintf(cell, sizeof cell, "%.*f", column->precision, values[i]);
        else if (text)
            strcpy(cell, "-");
        if (text)
            printf(" %*s", column_width(column), cell);
        else
            printf("%s%s", i ? "," : "", cell);
    }
    putchar('\n');
    fflush(stdout);
}

void table_row(struct table *table, const double *values)
{
    if (!table)
        return;
    if (table->format == FORMAT_JSON) {
        print_json_row(table, values);
    } else {
        if (table->rows == 0)
            print_header(table);
        print_plain_row(table, values);
    }
    table->rows++;
}

void table_close(struct table *table)
{
    if (!table)
        return;
    if (table->format == FORMAT_JSON) {
        fclose(table->json_rows.stream);
        fclose(table->json_facts.stream);
        printf("{\n  \"benchmark\": \"%s\",\n  \"facts\": {%s},\n  \"rows\": [%s\n  ]\n}\n",
               table->name, table->json_facts.text, table->json_rows.text);
        free(table->json_rows.text);
        free(table->json_facts.text);
    }
    fflush(stdout);
    free(table);
}
