/* Error classes, codes and strings (MPI 5.0, 9.4, 9.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "api.h"

/* A code of the standard is its class: what an error says beyond that is in the message that the handler shows. */
TRI_API_ANYTIME(Error_class)(int errorcode, int *errorclass)
{
    TRI_CHECK_POINTER(NULL, errorclass);
    int class = tri_error_class_of(errorcode);
    TRI_CHECK(class >= 0, NULL, MPI_ERR_ARG, "%d is not an error code", errorcode);
    *errorclass = class;
    return MPI_SUCCESS;
}

/* An added class or code without a string has the empty one. */
TRI_API_ANYTIME(Error_string)(int errorcode, char *string, int *resultlen)
{
    TRI_CHECK_POINTER(NULL, string);
    TRI_CHECK_POINTER(NULL, resultlen);
    if (tri_error_is_added(errorcode)) {
        const char *text = tri_error_text(errorcode);
        *resultlen = snprintf(string, MPI_MAX_ERROR_STRING, "%s", text ? text : "");
        return MPI_SUCCESS;
    }
    TRI_CHECK(tri_error_sentence(errorcode), NULL, MPI_ERR_ARG, "%d is not an error code", errorcode);
    *resultlen = snprintf(string, MPI_MAX_ERROR_STRING, "%s: %s", tri_error_name(errorcode),
                          tri_error_sentence(errorcode));
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Add_error_class)(int *errorclass)
{
    TRI_CHECK_POINTER(NULL, errorclass);
    *errorclass = tri_error_add_class();
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Add_error_code)(int errorclass, int *errorcode)
{
    TRI_CHECK(tri_error_class_of(errorclass) == errorclass, NULL, MPI_ERR_ARG, "%d is not an error class", errorclass);
    TRI_CHECK_POINTER(NULL, errorcode);
    *errorcode = tri_error_add_code(errorclass);
    return MPI_SUCCESS;
}

/* Whether the program has added the code, or (class) added it as a class. */
static int check_added(int code, const char *what, bool class)
{
    TRI_CHECK(code > MPI_ERR_LASTCODE || code < 0, NULL, MPI_ERR_ARG, "error %s %d is the standard's own", what, code);
    TRI_CHECK(tri_error_is_added(code) && (!class || tri_error_class_of(code) == code), NULL, MPI_ERR_ARG,
              "%d is not an error %s that the program has added, or has been removed", code, what);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Add_error_string)(int errorcode, const char *string)
{
    int code = check_added(errorcode, "code", false);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK_POINTER(NULL, string);
    TRI_CHECK(strlen(string) < MPI_MAX_ERROR_STRING, NULL, MPI_ERR_ARG,
              "the string has %zu characters, but may have %d at most", strlen(string), MPI_MAX_ERROR_STRING - 1);
    tri_error_set_text(errorcode, string);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Remove_error_class)(int errorclass)
{
    int code = check_added(errorclass, "class", true);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(tri_error_members(errorclass) == 0, NULL, MPI_ERR_OTHER,
              "error class %d still has %d codes, which must be removed first", errorclass,
              tri_error_members(errorclass));
    tri_error_remove(errorclass);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Remove_error_code)(int errorcode)
{
    int code = check_added(errorcode, "code", false);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(tri_error_class_of(errorcode) != errorcode, NULL, MPI_ERR_ARG,
              "%d is an error class, not a code (MPI_Remove_error_class)", errorcode);
    TRI_CHECK(!tri_error_text(errorcode), NULL, MPI_ERR_OTHER,
              "error code %d still has a string, which must be removed first", errorcode);
    tri_error_remove(errorcode);
    return MPI_SUCCESS;
}

TRI_API_ANYTIME(Remove_error_string)(int errorcode)
{
    int code = check_added(errorcode, "code", false);
    if (code != MPI_SUCCESS) {
        return code;
    }
    TRI_CHECK(tri_error_text(errorcode), NULL, MPI_ERR_ARG, "error code %d has no string", errorcode);
    tri_error_set_text(errorcode, NULL);
    return MPI_SUCCESS;
}
