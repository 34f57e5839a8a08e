// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Plain pages: what a browser without scripts is shown to sign in, to let a device in, to allow a program, to
 * look after one's passkeys.
 *
 * Five things are always true:
 *
 *   1. A page loads nothing but our one style sheet and, where passkeys are spoken of, our one script; it is
 *      shown in nobody's frame, is kept in no cache, and tells other sites nothing of its address. Without
 *      the script everything works but passkeys.
 *   2. What it shows is written by door/html.h, which escapes.
 *   3. A form that changes something carries a token. It is made of a cookie that only this service can set
 *      and read, and of the session; a form without the right one is shown again, not obeyed.
 *   4. Where somebody is sent on to is one of our own pages, from a short list.
 *   5. Who comes is known by the cookie of his session alone.
 */

#include "door/html.h"
#include "door/problem.h"
#include "door/request.h"
#include "door/words.h"

#define PAGE_OCTETS_MAX (64 * 1024)
#define PAGE_NEXT_MAX   3072
#define PAGE_FORM_TOKEN 44 /* 43 characters, NUL */

struct page_writer {
        struct request *request;
        struct buffer buffer;
        struct html html;
        const char *form_goes_to; /* an origin that a form may lead to beside ours; NULL: none */
        const char *form_cookie;  /* what its forms' tokens are made with; NULL: no form yet */
        bool has_script;          /* the one for passkeys, or a panel's */
        bool is_panel;            /* it has its own head and foot */
        enum language language;
};

/* What a session must do before it is worth anything. */
enum page_owes {
        PAGE_OWES_NOTHING,
        PAGE_OWES_FACTOR,
        PAGE_OWES_PASSWORD, /* somebody else set the one he has */
};

/*
 * Fills request->actor with who is signed in, or leaves him nobody. 0 or a fault. A session that owes
 * something counts as nobody where ret_owes is NULL.
 */
int page_sign_in(struct request *request, enum page_owes *ret_owes);

/*
 * Begins a page up to where its contents go, in the language that the browser asks for. On 0 the caller ends
 * it with page_done(). Words here and below are keys of web/words/; what is no key stands there as it is.
 */
int page_begin(struct page_writer *page, struct request *request, const char *title);
/* The same of a printer's panel (door/panel/panel.h), up to where its body begins. refresh_to is asked for by
 * the browser itself after so many seconds; NULL: never. */
struct page_look {
        const char *title;
        uint32_t refresh_s;
        const char *refresh_to;
};
int page_begin_panel(struct page_writer *page, struct request *request, const struct page_look *look);
void page_done(struct page_writer *page);
/* Closes it and answers. */
int page_answer(struct page_writer *page, int status);

/* Opens <form method="post"> with its token; html_close() ends it. */
void page_form(struct page_writer *page, const char *action);
void page_hidden(struct page_writer *page, const char *name, struct text value);
/* A labelled field. type is HTML's; autocomplete and more may be NULL. */
struct page_field {
        const char *name;
        const char *label;
        const char *type;
        const char *autocomplete;
        const char *value;
        const char *hint;
        bool is_code;  /* wide letters, no corrections by the keyboard */
        bool is_first; /* the cursor begins here */
        bool optional;
};
void page_field(struct page_writer *page, const struct page_field *field);
/* A button; name and value may be NULL. The main one of a form stands out. */
void page_button(struct page_writer *page, const char *words, const char *name, const char *value,
                 bool is_main);
/* A sentence that must be seen: what went wrong. */
void page_alarm(struct page_writer *page, const char *words);
void page_paragraph(struct page_writer *page, const char *words);

/*
 * A button that takes a script (web/sign-in/passkey.ts, which shows it): deed is "sign-in", "show" or "make",
 * next a page of ours to go on to, empty for /sign-in. Several on one page load it once. door/page/passkey.c.
 */
void page_passkey(struct page_writer *page, const char *deed, struct text next, const char *words);

/* What a program will be able to do, as a list. */
void page_scopes(struct page_writer *page, uint32_t scopes);

/* Whether the form that came has its token. */
bool page_token_is_good(struct request *request);
/* The same. Where not: false, and a page that says so was answered. */
bool page_has_token(struct request *request, int *ret_r);

/* 303 to one of our own paths (asserted), or for pages that may send elsewhere to any address. */
int page_send_on(struct request *request, const char *path);
int page_send_away(struct request *request, const char *address);
/* A page that says what is wrong, and no more. */
int page_complain(struct request *request, int status, const char *title, const char *words);

/* A refusal of core, as a page. Passes 0 and faults on. */
int page_refuse(struct request *request, int r);
/* A problem as a page, in words for people. */
int page_problem(struct request *request, const struct problem *problem);
const char *page_problem_title(enum language language, const struct problem *problem);
/* Whether somebody looks at this address with a browser, and shall be answered with a page. */
bool page_is_wanted(const struct request *request);

/* ---- its language, door/page/language.c ---- */

/* What was chosen (?language=de, from then on in a cookie), or what the browser asks for. */
enum language page_language(const struct request *request);
/* Sets the cookie where it was chosen just now, and takes it away. */
int page_keep_language(struct request *request);
int page_forget_language(struct request *request);
/* The others, as links to the same page. */
void page_write_languages(struct page_writer *page);

/* Whether somebody may be sent on there after he signed in: one of our pages that ask for it. */
bool page_next_is_good(struct text next);
/* "/sign-in?next=…", which leads back. */
int page_ask_sign_in(struct request *request, struct text next);
/* To next, or, where it is empty, to /sign-in, which then says who is signed in. */
int page_go_on(struct request *request, struct text next);

/* The second step of a sign-in, door/page/factor.c: asks, and takes what was typed. */
int page_ask_factor(struct request *request, int status, struct text next, const char *alarm);
int page_take_factor(struct request *request, struct text next);
/* The last step of somebody whose password another one set, door/page/password.c: likewise. */
int page_ask_password(struct request *request, int status, struct text next, const char *alarm);
int page_take_password(struct request *request, struct text next);
