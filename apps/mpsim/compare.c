/* Reading measured times, predicting them, and how far off that is. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "standin.h"

static const char separators[] = " \t\r\n,:";

/* Where a table has what; those of mpbench say the number of ranks above the table, unless it is a column. */
struct reader {
    const struct sim_options *options;
    const char *path;
    int line;
    int ranks_column, bytes_column, time_column; /* -1: not in the table */
    int ranks;
    bool other; /* in the table of another operation */
    struct table *table;
    const struct tri_algorithm *algorithm; /* of the line before */
    int count;
    double error_sum, worst;
};

static void read_names(struct reader *reader, const char *word, char *rest)
{
    reader->ranks_column = reader->bytes_column = reader->time_column = -1;
    for (int i = 0; word; word = strtok(i ? NULL : rest, separators), i++) {
        if (!strcmp(word, "ranks")) {
            reader->ranks_column = i;
        } else if (!strcmp(word, "size_B") || !strcmp(word, "bytes")) {
            reader->bytes_column = i;
        } else if (!strcmp(word, "median_us") || !strcmp(word, "us") || !strcmp(word, "microseconds")) {
            reader->time_column = i;
        }
    }
}

/* A line of words: a remark of mpbench, or the names of the columns. */
static void read_words(struct reader *reader, char *word, bool remark)
{
    char *more = strtok(NULL, "\r\n"), *rest = more ? more + strspn(more, separators) : NULL;
    if (remark && !strcmp(word, "benchmark")) {
        reader->other = rest && strcmp(rest, tri_collective_names[reader->options->operation]);
    } else if (remark && !strcmp(word, "ranks") && rest && strspn(rest, "0123456789") == strlen(rest)) {
        reader->ranks = atoi(rest);
    } else if (!strcmp(word, "ranks") || !strcmp(word, "size_B") || !strcmp(word, "bytes")) {
        read_names(reader, word, rest);
    }
}

static const struct tri_algorithm *algorithm_for(struct reader *reader, const struct sim_question *question)
{
    const struct tri_algorithm *algorithm =
        reader->options->algorithm ? reader->options->algorithm : sim_question_choice(question);
    if (algorithm && algorithm != reader->algorithm) {
        table_fact(reader->table, "algorithm", "%s from %d ranks, %lld bytes", algorithm->name, question->ranks,
                   (long long)question->bytes);
    }
    reader->algorithm = algorithm;
    return algorithm;
}

static void compare(struct reader *reader, int ranks, int64_t bytes, double measured)
{
    const struct sim_question question = sim_options_question(reader->options, ranks, bytes);
    const struct tri_algorithm *algorithm = algorithm_for(reader, &question);
    struct sim_answer answer = {.outcome = SIM_UNFIT};
    if (algorithm) {
        answer = sim_question_ask(&question, algorithm, NULL);
    }
    if (answer.outcome == SIM_BROKEN) {
        sim_die(SIM_EXIT_FAILED, "%s by %s with %d ranks and %lld bytes is wrong: %s",
                tri_collective_names[question.operation], algorithm->name, ranks, (long long)bytes, answer.problem);
    }
    double predicted = answer.outcome == SIM_DONE ? answer.result.last * 1e6 : NAN;
    double error = 100 * (predicted - measured) / measured;
    const double row[] = {ranks, (double)bytes, measured, predicted, error};
    table_row(reader->table, row);
    if (!isnan(error)) {
        reader->count++;
        reader->error_sum += fabs(error);
        reader->worst = fabs(error) > fabs(reader->worst) ? error : reader->worst;
    }
}

static double value_in(const double *values, int count, int column, double otherwise)
{
    return column < 0 ? otherwise : column < count ? values[column] : NAN;
}

static void read_numbers(struct reader *reader, const char *word)
{
    double values[16];
    int count = 0;
    for (; word && count < 16; word = strtok(NULL, separators)) {
        char *end;
        values[count++] = strtod(word, &end);
        if (*end != '\0') {
            sim_die(SIM_EXIT_USAGE, "%s:%d: \"%s\" is not a number", reader->path, reader->line, word);
        }
    }
    double ranks = value_in(values, count, reader->ranks_column, reader->ranks);
    double bytes = value_in(values, count, reader->bytes_column, 0);
    double time = value_in(values, count, reader->time_column, NAN);
    if (!(ranks >= 1 && ranks <= 1 << 24) || !(bytes >= 0 && bytes <= 0x1p40) || !(time > 0)) {
        sim_die(SIM_EXIT_USAGE, "%s:%d: a number of ranks, bytes and microseconds were expected", reader->path,
                reader->line);
    }
    if (!reader->other) {
        compare(reader, (int)ranks, (int64_t)bytes, time);
    }
}

static void read_line(struct reader *reader, char *line)
{
    bool remark = line[0] == '#';
    char *word = strtok(line + remark, separators);
    if (!word) {
        return;
    }
    if (strspn(word, "0123456789.+-eE") == strlen(word) && !remark) {
        read_numbers(reader, word);
    } else {
        read_words(reader, word, remark);
    }
}

static void read_all(struct reader *reader, FILE *file)
{
    char line[500];
    while (fgets(line, sizeof line, file)) {
        reader->line++;
        read_line(reader, line);
    }
}

void sim_compare(const struct sim_options *options)
{
    static const struct column columns[] = {
        {"ranks", 0}, {"size_B", 0}, {"measured_us", 3}, {"predicted_us", 3}, {"error_percent", 1}};
    struct reader reader = {
        .options = options, .path = options->compare, .ranks_column = 0, .bytes_column = 1, .time_column = 2};
    FILE *file = strcmp(options->compare, "-") ? fopen(options->compare, "r") : stdin;
    if (!file) {
        sim_die(SIM_EXIT_USAGE, "%s can not be read: %s", options->compare, strerror(errno));
    }
    reader.table = table_open(options->format, tri_collective_names[options->operation], columns, 5);
    read_all(&reader, file);
    if (file != stdin) {
        fclose(file);
    }
    if (reader.count == 0) {
        sim_die(SIM_EXIT_USAGE, "%s has no times of %s that could be predicted", options->compare,
                tri_collective_names[options->operation]);
    }
    table_fact(reader.table, "error", "%.1f %% on average over %d times, %+.1f %% at worst",
               reader.error_sum / reader.count, reader.count, reader.worst);
    table_close(reader.table);
}
