/* job_signals.c: what signals to mprun mean for the job. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "job_internal.h"

static void send_signal(struct tri_job *job, int signum)
{
    struct tri_buffer payload = {0};

    tri_put_u32(&payload, (uint32_t)signum);
    tri_job_send_all(job, TRI_MSG_SIGNAL, &payload);
    tri_buffer_free(&payload);
}

/* The second time the user means it: no more grace. */
static void on_end(evutil_socket_t signum, short what, void *context)
{
    struct tri_job *job = context;

    (void)what;
    if (job->failed) {
        struct tri_buffer payload = {0};

        tri_put_u32(&payload, 1);
        tri_job_send_all(job, TRI_MSG_KILL, &payload);
        tri_buffer_free(&payload);
        return;
    }
    tri_job_fail(job, TRI_EXIT_SIGNAL + signum, "received signal %d (%s), the job is ended",
                 signum, strsignal(signum));
}

static void on_passed(evutil_socket_t signum, short what, void *context)
{
    (void)what;
    send_signal(context, signum);
}

/* Ctrl-Z: the ranks stop first; the message needs a moment to leave. */
static void on_stop(evutil_socket_t signum, short what, void *context)
{
    static const struct timeval moment = {.tv_usec = 20 * 1000};
    struct tri_job *job = context;

    (void)signum, (void)what;
    send_signal(job, SIGSTOP);
    event_add(job->stop_timer, &moment);
}

/* The time that mprun is stopped does not count for --timeout. */
static void on_stop_timer(evutil_socket_t fd, short what, void *context)
{
    struct tri_job *job = context;
    struct timeval end, now, left;
    bool limited = job->timeout != NULL && event_pending(job->timeout, EV_TIMEOUT, &end);

    (void)fd, (void)what;
    gettimeofday(&now, NULL);
    raise(SIGSTOP);
    if (limited && timercmp(&end, &now, >)) {
        timersub(&end, &now, &left);
        event_base_update_cache_time(job->base);
        event_add(job->timeout, &left);
    }
}

static void catch(struct tri_job *job, int signum, event_callback_fn fn)
{
    struct sigaction action;

    /* What the caller has us ignore (nohup, a script's background job) stays ignored. */
    if (sigaction(signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN) {
        return;
    }
    struct event *event = evsignal_new(job->base, signum, fn, job);

    if (event == NULL || event_add(event, NULL) != 0) {
        tri_die(TRI_EXIT_ERROR, "cannot catch signal %d", signum);
    }
}

void tri_job_signals_init(struct tri_job *job)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    job->stop_timer = evtimer_new(job->base, on_stop_timer, job);
    catch(job, SIGINT, on_end);
    catch(job, SIGTERM, on_end);
    catch(job, SIGHUP, on_end);
    catch(job, SIGQUIT, on_end);
    catch(job, SIGUSR1, on_passed);
    catch(job, SIGUSR2, on_passed);
    catch(job, SIGWINCH, on_passed);
    catch(job, SIGCONT, on_passed);
    catch(job, SIGTSTP, on_stop);
}
