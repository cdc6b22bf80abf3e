/* stage.c: tells from a compiler's arguments whether it will link. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "mpcc.h"

/* Options of gcc and clang whose argument is the next word. */
static const char *const with_argument[] = {
    "-o", "-I", "-D", "-U", "-L", "-l", "-x", "-T", "-u", "-e", "-z", "-A", "-B", "-F", "-G", "-MF",
    "-MT", "-MQ", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-iprefix",
    "-iwithprefix", "-iwithprefixbefore", "-isysroot", "-imultilib", "-Xlinker", "-Xpreprocessor",
    "-Xassembler", "-Xclang", "-Xopenmp-target", "-mllvm", "-target", "-arch", "-framework",
    "-aux-info", "-dumpbase", "-dumpbase-ext", "-dumpdir", "-wrapper", "--param", "--sysroot",
};

/* Options with which the compiler stops before it links, or makes something libraries do not go
 * into (-r). */
static const char *const no_link[] = {
    "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-r", "--precompile", "--preprocess",
    "--assemble", "--compile", "-emit-ast",
};

static int is_among(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0)
            return 1;
    }
    return 0;
}

int mpcc_takes_argument(const char *option)
{
    return is_among(option, with_argument, sizeof with_argument / sizeof *with_argument);
}

enum mpcc_stage mpcc_stage_of(const struct mpcc_words *arguments)
{
    int has_input = 0;

    for (size_t i = 0; i < arguments->count; i++) {
        const char *word = arguments->items[i];

        if (is_among(word, no_link, sizeof no_link / sizeof *no_link))
            return MPCC_COMPILE;
        if (mpcc_takes_argument(word))
            i++;
        else if (word[0] != '-' || word[1] == '\0') /* "-" is standard input */
            has_input = 1;
    }
    return has_input ? MPCC_LINK : MPCC_NO_INPUT;
}
