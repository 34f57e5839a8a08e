// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Every reason for which the product says no. Core answers with these words; each door has one table that
 * says them in its own language (HTTP status, IPP status-code, …) with a sentence that tells what to do.
 */
enum core_refusal {
        CORE_NOT_FOUND = 1,     /* nothing of that name; also the answer for what belongs to somebody else */
        CORE_FORBIDDEN,         /* known, visible, but not this actor's to do */
        CORE_WRONG_CREDENTIALS, /* nobody, a wrong secret, or a disabled person: never told apart */
        CORE_LOCKED,            /* too many wrong guesses; wait, or have the owner reset it */
        CORE_BUSY,              /* too many at once; try again in a moment */
        CORE_TAKEN,             /* a name, address or badge that is in use already */
        CORE_BAD_VALUE,         /* a value outside of what the header allows */
        CORE_KEY_REUSED,        /* an idempotency key seen before with other contents */
        CORE_NOT_HELD,          /* the job is not held (any more): released, printed, deleted or expired */
        CORE_NOTHING_HELD,      /* the person has no held job to release */
        CORE_TOO_MANY_JOBS,     /* the person's limit of held jobs */
        CORE_TOO_LARGE,         /* the document is larger than the limit */
        CORE_EMPTY,             /* the document has no octets */
        CORE_STORAGE_FULL,      /* the disk's reserve is reached; nothing was kept */
        CORE_BAD_FORMAT,        /* a document format that no printer here can be given */
        CORE_NOT_ACCEPTING,     /* the printer or queue is switched off */
        CORE_STALE,             /* an order of another epoch, agent or incarnation: fenced */
        CORE_EXPIRED,           /* a code or credential after its time */
        CORE_DESTROYED,         /* the document's keys are gone */
        CORE_AMBIGUOUS,         /* more than one thing is meant, and picking one could be picking wrong */
        CORE_NO_MAIL,           /* this needs a mail, and the service sends none */
        CORE_OUTSIDE,           /* right, but not from a network the administrator opened */
        CORE_SUSPENDED,         /* the tenant takes nothing new for the time being */
        CORE_LIMIT_REACHED,     /* a limit of the tenant */
        CORE_TOO_FAST,          /* more submissions in an hour than the tenant may make */
        CORE_KNOWN_PASSWORD,    /* it is in a list of known ones, or is what anybody would try first */
        CORE_NOT_PROVED,        /* the proof was looked for and is not there */
        CORE_UNSUPPORTED,       /* not as it was asked for: the printer cannot, or a policy refuses */
        CORE_UNREACHABLE,       /* somebody outside who must be asked does not answer; try again later */
        CORE_PASSWORD_NEEDED, /* the document opens only with a password that was not given, or a wrong one */
        CORE_NOT_ASKED,       /* the document does not ask for a password */
        CORE_ACCOUNTING_NEEDED,    /* the printer or queue asks who pays, and nobody says it */
        CORE_JOB_PASSWORD_NEEDED,  /* a policy lets nothing lie open at the printer */
        CORE_JOB_PASSWORD_UNKNOWN, /* the printer has none, or of other lengths */
        CORE_OTHER_PRINTER,        /* the job comes out at the printer it was sent to, and nowhere else */
        CORE_NOT_ENCRYPTED,        /* the printer can be reached, but not by IPPS, which is demanded there */
        CORE_NO_DEVICE,            /* which device a printer is is not known, or another one stands there */
        CORE_NO_WRITING,           /* the agent has no credentials for writing to devices */
        CORE_NO_AUTHORITY,         /* the tenant has no authority for certificates yet */
        CORE_BAD_REQUEST,          /* no request for a certificate, or none that its own key has signed */
        CORE_SITE_ONLY,            /* the queue's documents stay at sites: none comes in elsewhere */
        CORE_AT_SITE,              /* the document stays at a site, and comes out there alone */
        CORE_AS_IT_IS,             /* likewise, and there as it was sent: nothing can be made of it */
        CORE_PRESENCE_NEEDED,      /* the tenant wants a code that the printer's panel shows */
        CORE_CODE_OLD,             /* that code was good some minutes ago */
        CORE_CODE_ELSEWHERE,       /* that code is another printer's */
        CORE_LAST,                 /* none: how many there are */
};
