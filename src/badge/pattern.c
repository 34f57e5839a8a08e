// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/pattern.h"

#include <string.h>

enum kind {
        ONE_OF, /* takes an octet of the set */
        SPLIT,  /* goes on at both */
        JUMP,
        BEGIN_GROUP,
        END_GROUP,
        AT_BEGIN,
        AT_END,
        FOUND,
};

/* Atoms read: a repeated one is read again for each time, and repetitions of repetitions multiply. */
#define FUEL     4096

#define NO_GROUP SIZE_MAX

struct reading {
        struct text text;
        size_t at;
        size_t chosen;       /* where the group that is wanted begins */
        size_t first, named; /* those that were met */
        unsigned depth;
        unsigned fuel;
        int refusal;
        struct pattern *to;
};

static bool refuse(struct reading *reading, int refusal)
{
        if (!reading->refusal)
                reading->refusal = refusal;
        return false;
}

/* ---- steps ---- */

static bool add(struct reading *reading, struct pattern_step step)
{
        if (reading->to->count == PATTERN_STEPS)
                return refuse(reading, PATTERN_TOO_LARGE);
        reading->to->steps[reading->to->count++] = step;
        return true;
}

static bool add_kind(struct reading *reading, enum kind kind)
{
        return add(reading, (struct pattern_step){ .kind = kind, .to = 1 });
}

/* In front of what begins at start; steps are relative, so that what is moved stays right. */
static bool insert(struct reading *reading, size_t start, struct pattern_step step)
{
        struct pattern_step *steps = reading->to->steps;

        if (!add(reading, step))
                return false;
        memmove(steps + start + 1, steps + start, (reading->to->count - 1 - start) * sizeof(*steps));
        steps[start] = step;
        return true;
}

static struct pattern_step split(bool is_lazy, int preferred, int other)
{
        return (struct pattern_step){ .kind = SPLIT,
                                      .to = (int16_t)(is_lazy ? other : preferred),
                                      .other = (int16_t)(is_lazy ? preferred : other) };
}

/* What begins at start, once or not at all. */
static bool make_optional(struct reading *reading, size_t start, bool is_lazy)
{
        return insert(reading, start, split(is_lazy, 1, (int)(reading->to->count - start) + 1));
}

/* As often as it fits, or not at all. */
static bool make_repeated(struct reading *reading, size_t start, bool is_lazy)
{
        int len = (int)(reading->to->count - start);

        return insert(reading, start, split(is_lazy, 1, len + 2)) &&
               add(reading, (struct pattern_step){ .kind = JUMP, .to = (int16_t)(-len - 1) });
}

/* ---- sets ---- */

static void set_add(struct pattern_step *step, unsigned octet)
{
        if (octet < 128)
                step->set[octet / 64] |= (uint64_t)1 << octet % 64;
}

static bool set_has(const struct pattern_step *step, unsigned octet)
{
        return octet < 128 && (step->set[octet / 64] >> octet % 64 & 1);
}

static void set_add_range(struct pattern_step *step, unsigned from, unsigned to)
{
        for (unsigned octet = from; octet <= to; octet++)
                set_add(step, octet);
}

static void set_invert(struct pattern_step *step)
{
        step->set[0] = ~step->set[0];
        step->set[1] = ~step->set[1];
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "\d" and so on; false where the letter names none. */
static bool set_add_named(struct pattern_step *step, char letter)
{
        struct pattern_step named = { .kind = ONE_OF };

        switch (letter | 0x20) {
        case 'w':
                set_add_range(&named, 'a', 'z');
                set_add_range(&named, 'A', 'Z');
                set_add(&named, '_');
                __attribute__((fallthrough));
        case 'd': set_add_range(&named, '0', '9'); break;
        case 's': set_add(&named, ' '); break;
        default: return false;
        }
        if (letter < 'a')
                set_invert(&named);
        step->set[0] |= named.set[0];
        step->set[1] |= named.set[1];
        return true;
}

/* ---- reading ---- */

static bool is_over(const struct reading *reading)
{
        return reading->at == reading->text.len;
}

static char peek(const struct reading *reading)
{
        return is_over(reading) ? '\0' : reading->text.at[reading->at];
}

static bool take(struct reading *reading, char c)
{
        if (is_over(reading) || peek(reading) != c)
                return false;
        reading->at++;
        return true;
}

static bool take_words(struct reading *reading, const char *words)
{
        struct text rest = { reading->text.at + reading->at, reading->text.len - reading->at };

        if (!text_starts_with(rest, words))
                return false;
        reading->at += strlen(words);
        return true;
}

static int hexadecimal(char c)
{
        return is_digit(c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* After "\": one octet. */
static bool read_escaped(struct reading *reading, unsigned *ret)
{
        char c = peek(reading);
        int high, low;

        if (is_over(reading))
                return refuse(reading, PATTERN_MALFORMED);
        reading->at++;
        if (!is_letter(c) && !is_digit(c)) {
                *ret = (unsigned char)c;
                return true;
        }
        high = c == 'x' ? hexadecimal(peek(reading)) : -1;
        if (high < 0)
                return refuse(reading, PATTERN_MALFORMED);
        reading->at++;
        low = hexadecimal(peek(reading));
        if (low < 0 || high > 7)
                return refuse(reading, PATTERN_MALFORMED);
        reading->at++;
        *ret = (unsigned)(high << 4 | low);
        return true;
}

/* One octet in brackets; a named set is added there and then. */
static bool read_member(struct reading *reading, struct pattern_step *step, unsigned *ret, bool *ret_is_set)
{
        *ret_is_set = false;
        if (is_over(reading))
                return refuse(reading, PATTERN_MALFORMED);
        if (!take(reading, '\\')) {
                *ret = (unsigned char)reading->text.at[reading->at++];
                return true;
        }
        if (set_add_named(step, peek(reading))) {
                reading->at++;
                *ret_is_set = true;
                return true;
        }
        return read_escaped(reading, ret);
}

/* "[" ["^"] 1*( member / member "-" member ) "]"; a "]" in front is itself. */
static bool read_brackets(struct reading *reading)
{
        struct pattern_step step = { .kind = ONE_OF, .to = 1 };
        bool is_inverted = take(reading, '^'), is_set;
        unsigned from, to;

        do {
                if (!read_member(reading, &step, &from, &is_set))
                        return false;
                if (is_set)
                        continue;
                to = from;
                if (reading->at + 1 < reading->text.len && peek(reading) == '-' &&
                    reading->text.at[reading->at + 1] != ']') {
                        reading->at++;
                        if (!read_member(reading, &step, &to, &is_set))
                                return false;
                        if (is_set || to < from)
                                return refuse(reading, PATTERN_MALFORMED);
                }
                set_add_range(&step, from, to);
        } while (!take(reading, ']'));
        if (is_inverted)
                set_invert(&step);
        return add(reading, step);
}

static bool read_either(struct reading *reading);

/* After "(?<" or "(?P<". */
static bool read_name(struct reading *reading)
{
        size_t start = reading->at;

        while (is_letter(peek(reading)) || is_digit(peek(reading)) || peek(reading) == '_')
                reading->at++;
        return (reading->at > start && take(reading, '>')) || refuse(reading, PATTERN_MALFORMED);
}

/* After "(". */
static bool read_group(struct reading *reading)
{
        size_t start = reading->at;
        bool counts = true, is_chosen;

        if (take_words(reading, "?:")) {
                counts = false;
        } else if (take_words(reading, "?<") || take_words(reading, "?P<")) {
                if (!read_name(reading))
                        return false;
                if (reading->named == NO_GROUP)
                        reading->named = start;
        }
        if (counts && reading->first == NO_GROUP)
                reading->first = start;
        if (++reading->depth > PATTERN_DEPTH)
                return refuse(reading, PATTERN_TOO_LARGE);
        is_chosen = start == reading->chosen;
        if ((is_chosen && !add_kind(reading, BEGIN_GROUP)) || !read_either(reading))
                return false;
        reading->depth--;
        if (!take(reading, ')'))
                return refuse(reading, PATTERN_MALFORMED);
        return !is_chosen || add_kind(reading, END_GROUP);
}

static bool read_atom(struct reading *reading)
{
        struct pattern_step step = { .kind = ONE_OF, .to = 1 };
        unsigned octet;
        char c = reading->text.at[reading->at++];

        if (reading->fuel-- == 0)
                return refuse(reading, PATTERN_TOO_LARGE);
        switch (c) {
        case '(': return read_group(reading);
        case '[': return read_brackets(reading);
        case '^': return add_kind(reading, AT_BEGIN);
        case '$': return add_kind(reading, AT_END);
        case '*':
        case '+':
        case '?':
        case '{': return refuse(reading, PATTERN_MALFORMED);
        case '.': set_invert(&step); return add(reading, step);
        case '\\':
                if (set_add_named(&step, peek(reading))) {
                        reading->at++;
                        return add(reading, step);
                }
                if (!read_escaped(reading, &octet))
                        return false;
                set_add(&step, octet);
                return add(reading, step);
        default: set_add(&step, (unsigned char)c); return add(reading, step);
        }
}

#define NO_MOST UINT32_MAX

struct times {
        unsigned least, most;
        bool is_lazy;
};

static bool read_count(struct reading *reading, unsigned *ret)
{
        size_t start = reading->at;

        for (*ret = 0; is_digit(peek(reading)); reading->at++) {
                *ret = *ret * 10 + (unsigned)(peek(reading) - '0');
                if (*ret > PATTERN_TIMES)
                        return refuse(reading, PATTERN_TOO_LARGE);
        }
        return reading->at > start || refuse(reading, PATTERN_MALFORMED);
}

/* "*", "+", "?", "{" count [ "," [ count ] ] "}", each with an optional "?"; once where there is none. */
static bool read_times(struct reading *reading, struct times *ret)
{
        *ret = (struct times){ 1, 1, false };
        if (take(reading, '*')) {
                *ret = (struct times){ 0, NO_MOST, false };
        } else if (take(reading, '+')) {
                *ret = (struct times){ 1, NO_MOST, false };
        } else if (take(reading, '?')) {
                *ret = (struct times){ 0, 1, false };
        } else if (take(reading, '{')) {
                if (!read_count(reading, &ret->least))
                        return false;
                ret->most = ret->least;
                if (take(reading, ',')) {
                        ret->most = NO_MOST;
                        if (peek(reading) != '}' && !read_count(reading, &ret->most))
                                return false;
                }
                if (!take(reading, '}') || ret->most < ret->least)
                        return refuse(reading, PATTERN_MALFORMED);
        } else {
                return true;
        }
        ret->is_lazy = take(reading, '?');
        return true;
}

/* Once more what stands between start and the place where we are. */
static bool read_again(struct reading *reading, size_t start)
{
        size_t after = reading->at;
        bool good;

        reading->at = start;
        good = read_atom(reading);
        reading->at = after;
        return good;
}

/* An atom, and how often: the first is there already, from the step first_step on. */
static bool repeat(struct reading *reading, size_t start, size_t first_step, const struct times *times)
{
        size_t step = first_step;
        unsigned done = 1;

        if (times->most == 0) {
                reading->to->count = first_step;
                return true;
        }
        for (; done < times->least; done++) {
                step = reading->to->count;
                if (!read_again(reading, start))
                        return false;
        }
        if (times->most == NO_MOST && times->least > 0) {
                step = reading->to->count;
                return read_again(reading, start) && make_repeated(reading, step, times->is_lazy);
        }
        if (times->most == NO_MOST)
                return make_repeated(reading, step, times->is_lazy);
        if (times->least == 0 && !make_optional(reading, step, times->is_lazy))
                return false;
        for (; done < times->most; done++) {
                step = reading->to->count;
                if (!read_again(reading, start) || !make_optional(reading, step, times->is_lazy))
                        return false;
        }
        return true;
}

static bool read_row(struct reading *reading)
{
        while (!is_over(reading) && peek(reading) != '|' && peek(reading) != ')') {
                size_t start = reading->at, first_step = reading->to->count;
                struct times times;

                if (!read_atom(reading))
                        return false;
                /* read_again() reads the atom and not how often it is wanted, and so stops before that. */
                if (!read_times(reading, &times) || !repeat(reading, start, first_step, &times))
                        return false;
        }
        return true;
}

/* row [ "|" either ] */
static bool read_either(struct reading *reading)
{
        size_t start = reading->to->count, jump;

        if (!read_row(reading))
                return false;
        if (!take(reading, '|'))
                return true;
        if (!insert(reading, start, split(false, 1, (int)(reading->to->count - start) + 2)))
                return false;
        jump = reading->to->count;
        if (!add_kind(reading, JUMP) || !read_either(reading))
                return false;
        reading->to->steps[jump].to = (int16_t)(reading->to->count - jump);
        return true;
}

static int read_all(struct text text, size_t chosen, struct pattern *ret, struct reading *reading)
{
        *reading = (struct reading){
                .text = text, .chosen = chosen, .first = NO_GROUP, .named = NO_GROUP, .fuel = FUEL, .to = ret
        };
        ret->count = 0;
        if (read_either(reading) && !is_over(reading))
                refuse(reading, PATTERN_MALFORMED);
        if (!reading->refusal)
                add_kind(reading, FOUND);
        return reading->refusal;
}

int pattern_parse(struct text text, struct pattern *ret)
{
        struct reading reading;
        size_t chosen;
        int r;

        if (text.len == 0)
                return PATTERN_MALFORMED;
        if (text.len > PATTERN_MAX)
                return PATTERN_TOO_LARGE;
        for (size_t i = 0; i < text.len; i++)
                if (text.at[i] < 0x20 || text.at[i] > 0x7e)
                        return PATTERN_MALFORMED;
        r = read_all(text, NO_GROUP, ret, &reading);
        chosen = reading.named != NO_GROUP ? reading.named : reading.first;
        return r || chosen == NO_GROUP ? r : read_all(text, chosen, ret, &reading);
}

/* ---- finding ---- */

/* A state: a step, and where the match and its group began and ended; -1: not yet. */
struct thread {
        int16_t step;
        int16_t begin, end, group_begin, group_end;
};

/* States at one octet, the preferred first; no step twice. */
struct threads {
        struct thread all[PATTERN_STEPS];
        size_t count;
        uint64_t has[(PATTERN_STEPS + 63) / 64];
};

struct finding {
        const struct pattern *pattern;
        struct text in;
        struct threads threads[2]; /* at this octet and at the next, by turns */
        struct threads *now, *next;
        struct thread stack[2 * PATTERN_STEPS];
        bool found;
        struct thread best;
};

static bool mark(struct threads *threads, int16_t step)
{
        uint64_t bit = (uint64_t)1 << step % 64;

        if (threads->has[step / 64] & bit)
                return false;
        threads->has[step / 64] |= bit;
        return true;
}

/* Follows what takes no octet; only steps that do, and FOUND, are kept. */
static void follow(struct finding *finding, struct threads *to, struct thread thread, size_t at)
{
        size_t depth = 0;

        finding->stack[depth++] = thread;
        while (depth > 0) {
                struct thread t = finding->stack[--depth];
                const struct pattern_step *step = &finding->pattern->steps[t.step];
                struct thread other = t;

                if (!mark(to, t.step))
                        continue;
                other.step = (int16_t)(t.step + step->other);
                t.step = (int16_t)(t.step + step->to);
                switch (step->kind) {
                case SPLIT:
                        finding->stack[depth++] = other;
                        finding->stack[depth++] = t;
                        break;
                case BEGIN_GROUP:
                        t.group_begin = (int16_t)at;
                        t.group_end = -1;
                        finding->stack[depth++] = t;
                        break;
                case END_GROUP:
                        t.group_end = (int16_t)at;
                        finding->stack[depth++] = t;
                        break;
                case AT_BEGIN:
                        if (at == 0)
                                finding->stack[depth++] = t;
                        break;
                case AT_END:
                        if (at == finding->in.len)
                                finding->stack[depth++] = t;
                        break;
                case JUMP: finding->stack[depth++] = t; break;
                default:
                        t.step = (int16_t)(step - finding->pattern->steps);
                        to->all[to->count++] = t;
                        break;
                }
        }
}

static void clear(struct threads *threads)
{
        threads->count = 0;
        memset(threads->has, 0, sizeof(threads->has));
}

static void begin(struct finding *finding, const struct pattern *pattern, struct text in)
{
        finding->pattern = pattern;
        finding->in = in;
        finding->now = &finding->threads[0];
        finding->next = &finding->threads[1];
        finding->found = false;
        clear(finding->now);
}

static void swap(struct finding *finding)
{
        struct threads *now = finding->now;

        finding->now = finding->next;
        finding->next = now;
}

/* Each state takes the octet, or ends. What comes after one that has found is less preferred than it. */
static void advance(struct finding *finding, size_t at)
{
        clear(finding->next);
        for (size_t i = 0; i < finding->now->count; i++) {
                struct thread t = finding->now->all[i];
                const struct pattern_step *step = &finding->pattern->steps[t.step];

                if (step->kind == FOUND) {
                        finding->found = true;
                        finding->best = t;
                        finding->best.end = (int16_t)at;
                        return;
                }
                if (at < finding->in.len && set_has(step, (unsigned char)finding->in.at[at])) {
                        t.step++;
                        follow(finding, finding->next, t, at + 1);
                }
        }
}

bool pattern_find(const struct pattern *pattern, struct text in, struct text *ret)
{
        struct finding finding;
        bool has_group = false;

        if (in.len > PATTERN_TEXT_MAX)
                return false;
        begin(&finding, pattern, in);
        for (size_t i = 0; i < pattern->count; i++)
                has_group = has_group || pattern->steps[i].kind == BEGIN_GROUP;
        for (size_t at = 0; at <= in.len; at++) {
                /* A later beginning is less preferred than all that have begun. */
                if (!finding.found)
                        follow(&finding, finding.now, (struct thread){ 0, (int16_t)at, -1, -1, -1 }, at);
                if (finding.now->count == 0)
                        break;
                advance(&finding, at);
                swap(&finding);
        }
        if (!finding.found || (has_group && finding.best.group_end < 0))
                return false;
        if (!has_group) {
                finding.best.group_begin = finding.best.begin;
                finding.best.group_end = finding.best.end;
        }
        *ret = (struct text){ in.at + finding.best.group_begin,
                              (size_t)(finding.best.group_end - finding.best.group_begin) };
        return true;
}
