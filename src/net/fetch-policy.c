// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/fetch-policy.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <string.h>

#include "base/scope.h"
#include "net/address.h"

struct network {
        const char *first;
        unsigned int bits;
};

/* Truth 3. 168.63.129.16 is a host's own service in one cloud, at a public address. */
static const struct network never[] = {
        { "::ffff:0.0.0.0", 96 + 8 },
        { "::ffff:169.254.0.0", 96 + 16 },
        { "::ffff:168.63.129.16", 96 + 32 },
        { "::ffff:224.0.0.0", 96 + 4 },
        { "::ffff:240.0.0.0", 96 + 4 },
        { "::", 128 },
        { "::ffff:0:0:0", 96 }, /* IPv4-translated (RFC 2765) */
        { "64:ff9b::", 96 },    /* NAT64 (RFC 6052) */
        { "64:ff9b:1::", 48 },  /* NAT64 (RFC 8215) */
        { "2001::", 32 },       /* Teredo */
        { "2002::", 16 },       /* 6to4 */
        { "fe80::", 10 },
        { "fec0::", 10 }, /* site-local, of old */
        { "ff00::", 8 },
        { "fd00:ec2::", 32 }, /* metadata, in two clouds */
        { "fd20:ce::", 32 },
};

/* Not public, by the IANA's special-purpose registries (RFC 6890). What is not in 2000::/3 or IPv4 is not
 * either. */
static const struct network reserved[] = {
        { "::ffff:10.0.0.0", 96 + 8 },
        { "::ffff:100.64.0.0", 96 + 10 },
        { "::ffff:127.0.0.0", 96 + 8 },
        { "::ffff:172.16.0.0", 96 + 12 },
        { "::ffff:192.0.0.0", 96 + 24 },
        { "::ffff:192.0.2.0", 96 + 24 },
        { "::ffff:192.88.99.0", 96 + 24 },
        { "::ffff:192.168.0.0", 96 + 16 },
        { "::ffff:198.18.0.0", 96 + 15 },
        { "::ffff:198.51.100.0", 96 + 24 },
        { "::ffff:203.0.113.0", 96 + 24 },
        { "2001::", 23 },
        { "2001:db8::", 32 },
        { "3fff::", 20 },
};

static bool is_within(const struct in6_addr *address, const struct in6_addr *network, unsigned int bits)
{
        unsigned int whole = bits / 8, rest = bits % 8;
        uint8_t mask = (uint8_t)(0xff << (8 - rest));

        if (memcmp(address->s6_addr, network->s6_addr, whole) != 0)
                return false;
        return rest == 0 || ((address->s6_addr[whole] ^ network->s6_addr[whole]) & mask) == 0;
}

static bool is_in_any(const struct in6_addr *address, const struct network *networks, size_t count)
{
        struct in6_addr first;

        for (size_t i = 0; i < count; i++)
                if (inet_pton(AF_INET6, networks[i].first, &first) != 1 ||
                    is_within(address, &first, networks[i].bits))
                        return true;
        return false;
}

bool fetch_address_is_public(const struct in6_addr *address)
{
        if (is_in_any(address, never, ARRAY_LENGTH(never)) ||
            is_in_any(address, reserved, ARRAY_LENGTH(reserved)))
                return false;
        return IN6_IS_ADDR_V4MAPPED(address) || (address->s6_addr[0] & 0xe0) == 0x20;
}

/* One of this machine's own, which others may not reach. Where that cannot be known, it is. */
static bool is_own(const struct in6_addr *address)
{
        struct ifaddrs *all = NULL;
        bool own = false;

        if (getifaddrs(&all) < 0)
                return true;
        for (struct ifaddrs *at = all; at && !own; at = at->ifa_next) {
                struct sockaddr_storage one = { 0 };
                struct in6_addr found;

                if (!at->ifa_addr ||
                    (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
                        continue;
                memcpy(&one, at->ifa_addr,
                       at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                          : sizeof(struct sockaddr_in6));
                found = address_from(&one);
                own = memcmp(&found, address, sizeof(found)) == 0;
        }
        freeifaddrs(all);
        return own;
}

static bool is_named(const struct fetch_allowance *entry, const struct fetch_url *url)
{
        return entry->host[0] && strcmp(entry->host, url->host) == 0 &&
               (entry->port == 0 || entry->port == url->port);
}

static bool is_in_network(const struct fetch_allowance *entry, const struct fetch_url *url,
                          const struct in6_addr *address)
{
        return !entry->host[0] && is_within(address, &entry->network, entry->bits) &&
               (entry->port == 0 || entry->port == url->port);
}

static bool is_ordinary_port(const struct fetch_policy *policy, uint16_t port)
{
        for (size_t i = 0; i < policy->port_count; i++)
                if (policy->ports[i] == port)
                        return true;
        return false;
}

bool fetch_policy_allows(const struct fetch_policy *policy, const struct fetch_url *url,
                         const struct in6_addr *address)
{
        if (is_in_any(address, never, ARRAY_LENGTH(never)))
                return false;
        for (size_t i = 0; i < policy->allow_count; i++) {
                const struct fetch_allowance *entry = &policy->allow[i];

                if (url->plain && !entry->plain)
                        continue;
                if (is_named(entry, url) || is_in_network(entry, url, address))
                        return true;
        }
        return !url->plain && is_ordinary_port(policy, url->port) && fetch_address_is_public(address) &&
               !is_own(address);
}

static bool is_label(struct text label)
{
        if (label.len == 0 || label.len > 63 || label.at[0] == '-' || label.at[label.len - 1] == '-')
                return false;
        for (size_t i = 0; i < label.len; i++) {
                char c = label.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
                        return false;
        }
        return true;
}

/* A name in small letters whose last label cannot be taken for a number (RFC 3696, section 2): whatever else
 * looks like a number is somebody's way of writing an address. */
static bool is_host_name(const char *host)
{
        struct text rest = text_from(host), label;
        bool more = true;

        if (rest.len == 0 || rest.len > 253)
                return false;
        while (more) {
                more = text_cut(rest, '.', &label, &rest);
                if (!is_label(label))
                        return false;
        }
        return label.at[0] < '0' || label.at[0] > '9';
}

/* An address in canonical form alone: what is read and written again is the same. */
static bool read_address(const char *host, bool in_brackets, struct in6_addr *ret)
{
        char again[ADDRESS_STRING];
        struct in_addr four;

        if (in_brackets) {
                if (inet_pton(AF_INET6, host, ret) != 1 || IN6_IS_ADDR_V4MAPPED(ret))
                        return false;
                return inet_ntop(AF_INET6, ret, again, sizeof(again)) && strcmp(again, host) == 0;
        }
        if (inet_pton(AF_INET, host, &four) != 1 || !inet_ntop(AF_INET, &four, again, sizeof(again)) ||
            strcmp(again, host) != 0)
                return false;
        *ret = (struct in6_addr)IN6ADDR_ANY_INIT;
        ret->s6_addr[10] = ret->s6_addr[11] = 0xff;
        memcpy(ret->s6_addr + 12, &four, sizeof(four));
        return true;
}

/* "host", "host:port", "[v6]", "[v6]:port"; port is 0 where none is said. In small letters. */
static bool read_authority(struct text authority, struct fetch_url *ret)
{
        bool in_brackets = authority.len > 0 && authority.at[0] == '[';
        struct text host = authority, port = { NULL, 0 };
        uint64_t number = 0;
        bool has_port;

        if (in_brackets) {
                if (!text_cut(authority, ']', &host, &port))
                        return false;
                host = (struct text){ host.at + 1, host.len - 1 };
                has_port = port.len > 0;
                if (has_port && port.at[0] != ':')
                        return false;
                if (has_port)
                        port = (struct text){ port.at + 1, port.len - 1 };
        } else {
                has_port = text_cut(authority, ':', &host, &port);
        }
        if (has_port && (!text_number(port, 65535, &number) || number == 0 || port.at[0] == '0'))
                return false;
        ret->port = (uint16_t)number;
        if (!text_copy(host, ret->host, sizeof(ret->host)))
                return false;
        for (char *at = ret->host; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        ret->is_address = read_address(ret->host, in_brackets, &ret->address);
        return ret->is_address || (!in_brackets && is_host_name(ret->host));
}

/* Path and query as RFC 3986 has them; a fragment is nobody's to fetch. */
static bool is_path(struct text path)
{
        static const char others[] = "-._~!$&'()*+,;=:@/?%";

        for (size_t i = 0; i < path.len; i++) {
                char c = path.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      (c && strchr(others, c))))
                        return false;
        }
        return true;
}

static bool may_be_plain(const struct fetch_policy *policy)
{
        for (size_t i = 0; i < policy->allow_count; i++)
                if (policy->allow[i].plain)
                        return true;
        return false;
}

bool fetch_url_parse(const struct fetch_policy *policy, const char *url, struct fetch_url *ret)
{
        struct text rest = text_from(url), authority;
        size_t length = 0;

        *ret = (struct fetch_url){ 0 };
        if (rest.len > FETCH_URL_MAX)
                return false;
        if (text_starts_with(rest, "http://") && may_be_plain(policy))
                ret->plain = true;
        else if (!text_starts_with(rest, "https://"))
                return false;
        rest.at += ret->plain ? 7 : 8;
        rest.len -= ret->plain ? 7 : 8;
        while (length < rest.len && rest.at[length] != '/' && rest.at[length] != '?')
                length++;
        authority = (struct text){ rest.at, length };
        if (!read_authority(authority, ret) || !is_path((struct text){ rest.at + length, rest.len - length }))
                return false;
        if (ret->port == 0)
                ret->port = ret->plain ? 80 : 443;
        return true;
}

static bool read_network(struct text entry, struct fetch_allowance *ret)
{
        struct text address, bits;
        char host[FETCH_HOST];
        bool has_bits = text_cut(entry, '/', &address, &bits);
        bool in_brackets = memchr(address.at, ':', address.len);
        uint64_t number = in_brackets ? 128 : 32;

        if (!text_copy(address, host, sizeof(host)) || !read_address(host, in_brackets, &ret->network))
                return false;
        if (has_bits && !text_number(bits, number, &number))
                return false;
        ret->bits = (unsigned int)number + (in_brackets ? 0 : 96);
        return true;
}

static bool read_allowance(struct text entry, struct fetch_allowance *ret)
{
        struct fetch_url url;

        *ret = (struct fetch_allowance){ 0 };
        if (text_equal_string(entry, "*"))
                return true; /* a network of no bits */
        if (text_starts_with(entry, "http://")) {
                ret->plain = true;
                entry = (struct text){ entry.at + 7, entry.len - 7 };
        }
        if (read_network(entry, ret))
                return true;
        if (!read_authority(entry, &url))
                return false;
        ret->port = url.port;
        if (url.is_address) {
                ret->network = url.address;
                ret->bits = 128;
        } else {
                memcpy(ret->host, url.host, sizeof(ret->host));
        }
        return true;
}

/* The next of a list with commas; false at its end. */
static bool next_of(struct text *list, struct text *ret)
{
        while (list->len > 0) {
                (void)text_cut(*list, ',', ret, list);
                *ret = text_trim(*ret);
                if (ret->len > 0)
                        return true;
        }
        return false;
}

bool fetch_policy_parse(struct text allow, struct text ports, struct fetch_policy *ret)
{
        struct text one;

        *ret = (struct fetch_policy){ 0 };
        while (next_of(&allow, &one))
                if (ret->allow_count == FETCH_ALLOW_MAX ||
                    !read_allowance(one, &ret->allow[ret->allow_count++]))
                        return false;
        while (next_of(&ports, &one)) {
                uint64_t port;

                if (ret->port_count == FETCH_PORTS_MAX || !text_number(one, 65535, &port) || port == 0)
                        return false;
                ret->ports[ret->port_count++] = (uint16_t)port;
        }
        return true;
}
