// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/secure.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "snmp/ber.h"

#define SECURITY_MODEL 3 /* user-based */
#define SIZE_LEAST     484
#define FLAGS_LEVEL    (SNMP_FLAG_PROVED | SNMP_FLAG_PRIVATE)

/* ---- out ---- */

struct parameters {
        struct text engine, user, proof, salt;
        uint32_t boots, time_s;
};

static void add_parameters(struct buffer *to, const struct parameters *p)
{
        struct buffer parts = BUFFER(1024), whole = BUFFER(1024);

        ber_add(&parts, BER_OCTETS, p->engine);
        ber_add_integer(&parts, BER_INTEGER, p->boots);
        ber_add_integer(&parts, BER_INTEGER, p->time_s);
        ber_add(&parts, BER_OCTETS, p->user);
        ber_add(&parts, BER_OCTETS, p->proof);
        ber_add(&parts, BER_OCTETS, p->salt);
        ber_add_buffer(&whole, BER_SEQUENCE, &parts);
        ber_add_buffer(to, BER_OCTETS, &whole);
}

static void add_head(struct buffer *to, int32_t id, uint8_t flags, const struct parameters *p)
{
        struct buffer head = BUFFER(64);

        ber_add_integer(to, BER_INTEGER, SNMP_V3);
        ber_add_integer(&head, BER_INTEGER, id);
        ber_add_integer(&head, BER_INTEGER, SNMP_SECURE_MAX);
        ber_add(&head, BER_OCTETS, (struct text){ (const char *)&flags, 1 });
        ber_add_integer(&head, BER_INTEGER, SECURITY_MODEL);
        ber_add_buffer(to, BER_SEQUENCE, &head);
        add_parameters(to, p);
}

void snmp_secure_discover(int32_t id, struct buffer *to)
{
        struct buffer message = BUFFER(512), scoped = BUFFER(256);
        struct snmp_question nothing = { .id = id };

        add_head(&message, id, SNMP_FLAG_REPORTABLE, &(struct parameters){ .boots = 0 });
        ber_add(&scoped, BER_OCTETS, (struct text){ "", 0 });
        ber_add(&scoped, BER_OCTETS, (struct text){ "", 0 });
        snmp_question_add(&nothing, &scoped);
        ber_add_buffer(&message, BER_SEQUENCE, &scoped);
        ber_add_buffer(to, BER_SEQUENCE, &message);
}

static struct text engine_id(const struct snmp_engine *engine)
{
        return (struct text){ (const char *)engine->id, engine->id_len };
}

/* The proof is the last thing that is made; it stands where zeros stood while it was. */
static void prove(const struct snmp_secure *secure, struct buffer *message, const char *proof)
{
        struct text whole = buffer_text(message);
        uint8_t made[SNMP_KEY_OCTETS];
        int r;

        r = snmp_proof_make(secure->engine, secure->user->authentication, &whole, 1, made);
        if (r) {
                message->failure = r;
                return;
        }
        memcpy(message->at + (proof - message->at), made, snmp_proof_octets(secure->user->authentication));
}

/* Where the proof of our own message stands. */
static const char *proof_of(const struct buffer *message)
{
        struct snmp_secure_head head;

        return snmp_secure_head_parse(buffer_text(message), &head) == 0 ? head.proof.at : NULL;
}

static void add_data(const struct snmp_secure *secure, const struct parameters *p, bool is_private,
                     struct buffer *scoped, struct buffer *to)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_wipe) struct buffer sealed = BUFFER(SNMP_MESSAGE_MAX + SNMP_SALT_OCTETS);
        char *room;
        size_t len;
        int r;

        ber_add_buffer(&plain, BER_SEQUENCE, scoped);
        if (plain.failure || !is_private) {
                buffer_add_text(to, buffer_text(&plain));
                if (plain.failure)
                        to->failure = plain.failure;
                return;
        }
        room = buffer_extend(&sealed, plain.len + SNMP_SALT_OCTETS);
        r = room ? snmp_privacy_encrypt(secure->engine, secure->user->privacy, p->boots, p->time_s,
                                        secure->salt, buffer_text(&plain), (uint8_t *)room, &len)
                 : sealed.failure;
        if (r)
                to->failure = r;
        else
                ber_add(to, BER_OCTETS, (struct text){ room, len });
}

static void add_message(const struct snmp_secure *secure, uint8_t flags, struct buffer *pdu,
                        struct buffer *to)
{
        static const char zeros[SNMP_KEY_OCTETS];
        SCOPED(buffer_done) struct buffer message = BUFFER(SNMP_MESSAGE_MAX);
        SCOPED(buffer_done) struct buffer whole = BUFFER(SNMP_MESSAGE_MAX);
        struct buffer scoped = BUFFER(SNMP_MESSAGE_MAX);
        bool is_private = flags & SNMP_FLAG_PRIVATE;
        struct parameters p = {
                .engine = engine_id(secure->engine),
                .user = text_from(secure->user->name),
                .proof = { zeros,
                           flags & SNMP_FLAG_PROVED ? snmp_proof_octets(secure->user->authentication) : 0 },
                .salt = { (const char *)secure->salt, is_private ? SNMP_SALT_OCTETS : 0 },
                .boots = secure->engine->boots,
                .time_s = snmp_engine_time(secure->engine, secure->now_s),
        };
        const char *proof;

        add_head(&message, secure->id, flags, &p);
        ber_add(&scoped, BER_OCTETS, p.engine);
        ber_add(&scoped, BER_OCTETS, text_from(secure->user->context));
        buffer_add_text(&scoped, buffer_text(pdu));
        if (pdu->failure)
                message.failure = pdu->failure;
        add_data(secure, &p, is_private, &scoped, &message);
        ber_add_buffer(&whole, BER_SEQUENCE, &message);
        proof = !whole.failure && flags & SNMP_FLAG_PROVED ? proof_of(&whole) : NULL;
        if (proof)
                prove(secure, &whole, proof);
        buffer_add_text(to, buffer_text(&whole));
        if (whole.failure)
                to->failure = whole.failure;
}

static uint8_t level_of(const struct snmp_user *user)
{
        return (uint8_t)((user->authentication ? SNMP_FLAG_PROVED : 0) |
                         (user->privacy ? SNMP_FLAG_PRIVATE : 0));
}

void snmp_secure_question(const struct snmp_secure *secure, const struct snmp_question *question,
                          struct buffer *to)
{
        SCOPED(buffer_wipe) struct buffer pdu = BUFFER(SNMP_MESSAGE_MAX);

        snmp_question_add(question, &pdu);
        add_message(secure, level_of(secure->user) | SNMP_FLAG_REPORTABLE, &pdu, to);
}

void snmp_secure_answer(const struct snmp_secure *secure, const struct snmp_answer *answer, bool is_private,
                        struct buffer *to)
{
        SCOPED(buffer_wipe) struct buffer pdu = BUFFER(SNMP_MESSAGE_MAX);
        uint8_t flags = level_of(secure->user);

        snmp_answer_add(answer, &pdu);
        add_message(secure, is_private ? flags : (uint8_t)(flags & ~SNMP_FLAG_PRIVATE), &pdu, to);
}

/* ---- in ---- */

static void read_head(struct cursor *c, struct snmp_secure_head *ret, int32_t *ret_model)
{
        struct cursor head = cursor_from(ber_expect(c, BER_SEQUENCE));
        struct text flags;

        ret->id = ber_integer(&head);
        ret->size_max = ber_integer(&head);
        flags = ber_expect(&head, BER_OCTETS);
        *ret_model = ber_integer(&head);
        if (!cursor_is_good(&head) || head.left || flags.len != 1 || ret->size_max < SIZE_LEAST ||
            ret->id < 0)
                c->failed = true;
        else
                ret->flags = (uint8_t)flags.at[0];
}

static void read_parameters(struct cursor *c, struct snmp_secure_head *ret)
{
        struct cursor outer = cursor_from(ber_expect(c, BER_OCTETS)), in;
        int32_t boots, time_s;

        in = cursor_from(ber_expect(&outer, BER_SEQUENCE));
        ret->engine = ber_expect(&in, BER_OCTETS);
        boots = ber_integer(&in);
        time_s = ber_integer(&in);
        ret->user = ber_expect(&in, BER_OCTETS);
        ret->proof = ber_expect(&in, BER_OCTETS);
        ret->salt = ber_expect(&in, BER_OCTETS);
        if (!cursor_is_good(&outer) || outer.left || !cursor_is_good(&in) || in.left || boots < 0 ||
            time_s < 0 || ret->engine.len > SNMP_ENGINE_OCTETS || ret->user.len >= SNMP_NAME_OCTETS) {
                c->failed = true;
                return;
        }
        ret->boots = (uint32_t)boots;
        ret->time_s = (uint32_t)time_s;
}

int snmp_secure_head_parse(struct text octets, struct snmp_secure_head *ret)
{
        struct cursor outer = cursor_from(octets), c;
        struct snmp_secure_head head = { .id = 0 };
        int32_t version, model = 0;

        c = cursor_from(ber_expect(&outer, BER_SEQUENCE));
        version = ber_integer(&c);
        if (!cursor_is_good(&outer) || outer.left || !cursor_is_good(&c))
                return SNMP_MALFORMED;
        if (version != SNMP_V3)
                return SNMP_NOT_OURS;
        read_head(&c, &head, &model);
        if (cursor_is_good(&c) && model != SECURITY_MODEL)
                return SNMP_NOT_OURS;
        read_parameters(&c, &head);
        head.data = cursor_text(&c, c.left);
        /* Privacy without a proof is none (RFC 3412, section 7.2, 2). */
        if (!cursor_is_good(&c) || head.data.len == 0 || (head.flags & FLAGS_LEVEL) == SNMP_FLAG_PRIVATE)
                return SNMP_MALFORMED;
        *ret = head;
        return 0;
}

static int check_proof(const struct snmp_secure_head *head, struct text octets, const struct snmp_user *user,
                       const struct snmp_engine *engine)
{
        static const char zeros[SNMP_KEY_OCTETS];
        size_t len = snmp_proof_octets(user->authentication), before;
        uint8_t made[SNMP_KEY_OCTETS];
        struct text pieces[3];
        int r;

        if (!user->authentication || head->proof.len != len)
                return SNMP_NOT_PROVED;
        before = (size_t)(head->proof.at - octets.at);
        pieces[0] = (struct text){ octets.at, before };
        pieces[1] = (struct text){ zeros, len };
        pieces[2] = (struct text){ octets.at + before + len, octets.len - before - len };
        r = snmp_proof_make(engine, user->authentication, pieces, ARRAY_LENGTH(pieces), made);
        if (r)
                return r;
        return hash_equal(made, head->proof.at, len) ? 0 : SNMP_NOT_PROVED;
}

/* The scoped PDU, which may have the padding of a cipher behind it. */
static int open_data(const struct snmp_secure_head *head, const struct snmp_user *user,
                     const struct snmp_engine *engine, uint8_t *room, struct text *ret)
{
        struct cursor c = cursor_from(head->data);
        struct text sealed;
        int r;

        if (!(head->flags & SNMP_FLAG_PRIVATE)) {
                *ret = ber_expect(&c, BER_SEQUENCE);
                return cursor_is_good(&c) && c.left == 0 ? 0 : SNMP_MALFORMED;
        }
        sealed = ber_expect(&c, BER_OCTETS);
        if (!cursor_is_good(&c) || c.left)
                return SNMP_MALFORMED;
        if (!user->privacy)
                return SNMP_NOT_OURS;
        r = snmp_privacy_decrypt(engine, user->privacy, head->boots, head->time_s, head->salt, sealed, room);
        if (r)
                return r;
        c = cursor_from((struct text){ (const char *)room, sealed.len });
        *ret = ber_expect(&c, BER_SEQUENCE);
        return cursor_is_good(&c) && c.left < SNMP_SALT_OCTETS ? 0 : SNMP_MALFORMED;
}

static int read_scoped(struct text scoped, struct text *ret_context, struct snmp_answer *ret)
{
        struct cursor c = cursor_from(scoped);

        (void)ber_expect(&c, BER_OCTETS);
        *ret_context = ber_expect(&c, BER_OCTETS);
        if (!cursor_is_good(&c))
                return SNMP_MALFORMED;
        return snmp_pdu_parse(cursor_text(&c, c.left), ret);
}

static enum snmp_report report_of(const struct snmp_answer *answer)
{
        static const struct snmp_name stats = { { 1, 3, 6, 1, 6, 3, 15, 1, 1 }, 9 };
        const uint32_t *rest;
        size_t count;

        if (answer->operation != SNMP_REPORT)
                return SNMP_REPORT_NONE;
        if (answer->value_count == 0 || !snmp_name_is_below(&answer->values[0].name, &stats, &rest, &count) ||
            rest[0] < 1 || rest[0] > 6)
                return SNMP_REPORT_OTHER;
        return (enum snmp_report)rest[0];
}

/* Of our engine and user; what discovery answers has no user. */
static bool is_of(const struct snmp_secure_head *head, const struct snmp_user *user,
                  const struct snmp_engine *engine)
{
        return text_equal(head->engine, engine_id(engine)) && text_equal_string(head->user, user->name);
}

int snmp_secure_open(const struct snmp_secure_head *head, struct text octets, const struct snmp_user *user,
                     struct snmp_engine *engine, int64_t now_s, uint8_t *room, struct snmp_answer *ret,
                     enum snmp_report *ret_report)
{
        bool is_proved = head->flags & SNMP_FLAG_PROVED;
        struct text scoped, context;
        int r;

        if (is_proved) {
                if (!is_of(head, user, engine))
                        return SNMP_NOT_OURS;
                r = check_proof(head, octets, user, engine);
                if (r)
                        return r;
                if (!snmp_engine_hear(engine, head->boots, head->time_s, now_s))
                        return SNMP_NOT_PROVED;
        }
        r = open_data(head, user, engine, room, &scoped);
        if (r == 0)
                r = read_scoped(scoped, &context, ret);
        if (r)
                return r;
        *ret_report = report_of(ret);
        if (*ret_report != SNMP_REPORT_NONE)
                /* That a clock is wrong is believed from who can prove who he is alone: the answer is to take
                 * another time over. */
                return *ret_report == SNMP_REPORT_TIME && user->authentication && !is_proved ? SNMP_NOT_PROVED
                                                                                             : 0;
        if (ret->operation != SNMP_RESPONSE || !is_of(head, user, engine) ||
            !text_equal_string(context, user->context))
                return SNMP_NOT_OURS;
        return (head->flags & FLAGS_LEVEL) == level_of(user) ? 0 : SNMP_NOT_PROVED;
}

int snmp_secure_open_question(const struct snmp_secure_head *head, struct text octets,
                              const struct snmp_user *user, const struct snmp_engine *engine, uint8_t *room,
                              struct snmp_answer *ret)
{
        struct text scoped, context;
        int r;

        if (!is_of(head, user, engine))
                return SNMP_NOT_OURS;
        if ((head->flags & FLAGS_LEVEL) != level_of(user))
                return SNMP_NOT_PROVED;
        r = user->authentication ? check_proof(head, octets, user, engine) : 0;
        if (r == 0)
                r = open_data(head, user, engine, room, &scoped);
        return r ? r : read_scoped(scoped, &context, ret);
}

int snmp_secure_discovered(const struct snmp_secure_head *head, int64_t now_s, struct snmp_answer *room,
                           struct snmp_engine *ret)
{
        struct snmp_engine engine = { .boots = head->boots, .time_s = head->time_s, .heard_s = now_s };
        struct snmp_user nobody = { .authentication = SNMP_NO_AUTHENTICATION };
        struct text scoped, context;
        int r;

        if (head->flags & FLAGS_LEVEL)
                return SNMP_NOT_OURS;
        r = open_data(head, &nobody, &engine, NULL, &scoped);
        if (r == 0)
                r = read_scoped(scoped, &context, room);
        if (r)
                return r;
        if (report_of(room) != SNMP_REPORT_ENGINE || head->engine.len > sizeof(engine.id))
                return SNMP_NOT_OURS;
        memcpy(engine.id, head->engine.at, head->engine.len);
        engine.id_len = head->engine.len;
        *ret = engine;
        return 0;
}
