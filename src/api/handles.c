/* Handles as integers and back (MPI 5.0, 20.3): predefined ones keep the number that the ABI gives them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../runtime/handles.h"
#include "api.h"

TRI_API_VALUE(int, Comm_toint)(MPI_Comm comm)
{
    return tri_handle_to_int(comm);
}

TRI_API_VALUE(MPI_Comm, Comm_fromint)(int comm)
{
    return tri_handle_from_int(comm);
}

TRI_API_VALUE(int, Errhandler_toint)(MPI_Errhandler errhandler)
{
    return tri_handle_to_int(errhandler);
}

TRI_API_VALUE(MPI_Errhandler, Errhandler_fromint)(int errhandler)
{
    return tri_handle_from_int(errhandler);
}

TRI_API_VALUE(int, File_toint)(MPI_File file)
{
    return tri_handle_to_int(file);
}

TRI_API_VALUE(MPI_File, File_fromint)(int file)
{
    return tri_handle_from_int(file);
}

TRI_API_VALUE(int, Group_toint)(MPI_Group group)
{
    return tri_handle_to_int(group);
}

TRI_API_VALUE(MPI_Group, Group_fromint)(int group)
{
    return tri_handle_from_int(group);
}

TRI_API_VALUE(int, Info_toint)(MPI_Info info)
{
    return tri_handle_to_int(info);
}

TRI_API_VALUE(MPI_Info, Info_fromint)(int info)
{
    return tri_handle_from_int(info);
}

TRI_API_VALUE(int, Message_toint)(MPI_Message message)
{
    return tri_handle_to_int(message);
}

TRI_API_VALUE(MPI_Message, Message_fromint)(int message)
{
    return tri_handle_from_int(message);
}

TRI_API_VALUE(int, Op_toint)(MPI_Op op)
{
    return tri_handle_to_int(op);
}

TRI_API_VALUE(MPI_Op, Op_fromint)(int op)
{
    return tri_handle_from_int(op);
}

TRI_API_VALUE(int, Request_toint)(MPI_Request request)
{
    return tri_handle_to_int(request);
}

TRI_API_VALUE(MPI_Request, Request_fromint)(int request)
{
    return tri_handle_from_int(request);
}

TRI_API_VALUE(int, Session_toint)(MPI_Session session)
{
    return tri_handle_to_int(session);
}

TRI_API_VALUE(MPI_Session, Session_fromint)(int session)
{
    return tri_handle_from_int(session);
}

TRI_API_VALUE(int, Type_toint)(MPI_Datatype datatype)
{
    return tri_handle_to_int(datatype);
}

TRI_API_VALUE(MPI_Datatype, Type_fromint)(int datatype)
{
    return tri_handle_from_int(datatype);
}

TRI_API_VALUE(int, Win_toint)(MPI_Win win)
{
    return tri_handle_to_int(win);
}

TRI_API_VALUE(MPI_Win, Win_fromint)(int win)
{
    return tri_handle_from_int(win);
}
