// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Anchor, Button, Checkbox, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash, IconUserShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Section } from "../account/Section";
import { useDeed } from "../account/useDeed";
import { api, done, type Schemas } from "../api/client";
import { useOwners } from "../jobs/calls";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { useTime } from "../parts/time";

type Delegate = Schemas["Delegate"];

const DAY_S = 86_400;
const TERMS = { day: DAY_S, week: 7 * DAY_S, month: 30 * DAY_S, always: null } as const;

function useDelegates() {
    return useQuery({
        queryKey: ["delegates", "mine"],
        queryFn: () => done(api.GET("/v1/people/{person}/delegates", { params: { path: { person: "me" } } })),
    });
}

/* of: whose prints; delegate: who may act. Either of the two may end it. */
function useEnd() {
    return useDeed(["delegates"], ({ of, delegate }: { of: string; delegate: string }) =>
        done(api.DELETE("/v1/people/{person}/delegates/{delegate}", { params: { path: { person: of, delegate } } })),
    );
}

function Facts({ delegate }: { delegate: Delegate }) {
    const { t } = useTranslation("delegates");
    const { full } = useTime();

    return (
        <Text size="sm" c="dimmed">
            {[t(delegate.titles ? "seesTitles" : "seesNoTitles"), delegate.until ? t("until", { when: full(delegate.until) }) : t("always")].join(" · ")}
        </Text>
    );
}

function Add() {
    const { t } = useTranslation("delegates");
    const [email, setEmail] = useState("");
    const [titles, setTitles] = useState(false);
    const [term, setTerm] = useState<keyof typeof TERMS>("always");
    const name = useDeed(["delegates"], () => {
        const expires_in = TERMS[term];
        return done(
            api.PUT("/v1/people/{person}/delegates/{delegate}", {
                params: { path: { person: "me", delegate: email.trim() } },
                body: { titles, ...(expires_in ? { expires_in } : {}) },
            }),
        );
    });
    const send = (event: FormEvent) => {
        event.preventDefault();
        name.mutate(undefined, { onSuccess: () => setEmail("") });
    };

    return (
        <form onSubmit={send}>
            <Stack gap="sm">
                <Group align="flex-end">
                    <TextInput
                        flex={1}
                        miw={200}
                        type="email"
                        label={t("email")}
                        value={email}
                        maxLength={254}
                        required
                        onChange={(event) => setEmail(event.currentTarget.value)}
                    />
                    <Select
                        label={t("for")}
                        w={160}
                        data={(["always", "day", "week", "month"] as const).map((value) => ({ value, label: t(`term.${value}`) }))}
                        value={term}
                        allowDeselect={false}
                        onChange={(value) => setTerm((value ?? "always") as keyof typeof TERMS)}
                    />
                </Group>
                <Checkbox label={t("titles")} checked={titles} onChange={(event) => setTitles(event.currentTarget.checked)} />
                <Button type="submit" variant="default" loading={name.isPending} style={{ alignSelf: "flex-start" }}>
                    {t("add")}
                </Button>
            </Stack>
        </form>
    );
}

export function Delegates() {
    const { t } = useTranslation("delegates");
    const delegates = useDelegates();
    const owners = useOwners().data?.items ?? [];
    const end = useEnd();

    return (
        <Section title={t("title")} lead={t("lead")}>
            <Loaded query={delegates}>
                {({ items }) => (
                    <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                        {items.map((one) => (
                            <Group key={one.person.id} component="li" wrap="nowrap">
                                <IconUserShare size={22} aria-hidden />
                                <div style={{ flex: 1, minWidth: 0 }}>
                                    <Name of={one.person.email} />
                                    <Facts delegate={one} />
                                </div>
                                <ActionIcon
                                    variant="subtle"
                                    color="gray"
                                    size="lg"
                                    aria-label={t("remove", { email: one.person.email })}
                                    onClick={() => end.mutate({ of: "me", delegate: one.person.id })}
                                >
                                    <IconTrash size={20} aria-hidden />
                                </ActionIcon>
                            </Group>
                        ))}
                    </Stack>
                )}
            </Loaded>
            <Add />
            {owners.length > 0 && (
                <Stack gap="xs">
                    <Text fw={600}>{t("owners")}</Text>
                    {owners.map((one) => (
                        <Group key={one.owner.id} wrap="nowrap">
                            <div style={{ flex: 1, minWidth: 0 }}>
                                <Anchor component={Link} href={`/?owner=${encodeURIComponent(one.owner.email)}`}>
                                    <Name of={one.owner.email} />
                                </Anchor>
                                <Facts delegate={one} />
                            </div>
                            <Button size="compact-md" variant="default" onClick={() => end.mutate({ of: one.owner.id, delegate: "me" })}>
                                {t("decline")}
                            </Button>
                        </Group>
                    ))}
                </Stack>
            )}
        </Section>
    );
}
