// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { useMe } from "../shell/me";
import type { Person } from "./person";

function Line({ what, when, deed, end }: { what: ReactNode; when: string; deed: string; end: () => void }) {
    return (
        <Group component="li" justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
                {what}
                <Text size="sm" c="dimmed">
                    {when}
                </Text>
            </div>
            <Button size="compact-sm" variant="default" onClick={end} style={{ flexShrink: 0 }}>
                {deed}
            </Button>
        </Group>
    );
}

function Lines({ children, none, isEmpty }: { children: ReactNode; none: string; isEmpty: boolean }) {
    if (isEmpty) return <Text c="dimmed">{none}</Text>;
    return (
        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
            {children}
        </Stack>
    );
}

/* Where he is signed in to pages. */
export function Sessions({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { ago } = useTime();
    const { act } = useAct();
    const query = { person: person.id };
    const sessions = useQuery({ queryKey: ["sessions", person.id], queryFn: () => done(api.GET("/v1/sessions", { params: { query } })) });

    const end = (session: string) => act(() => done(api.DELETE("/v1/sessions/{session}", { params: { path: { session } } })), { again: ["sessions"] });
    return (
        <Section title={t("sessions.title")}>
            <Loaded query={sessions}>
                {(page) => (
                    <Lines none={t("sessions.none")} isEmpty={page.items.length === 0}>
                        {page.items.map((one) => (
                            <Line
                                key={one.id}
                                what={<Name of={one.label ?? t(`sessions.kind.${one.kind}`)} />}
                                when={t("sessions.line", { source: one.source, when: ago(one.seen) })}
                                deed={t("sessions.end")}
                                end={() => void end(one.id)}
                            />
                        ))}
                    </Lines>
                )}
            </Loaded>
        </Section>
    );
}

/* What he allowed programs to do in his name. */
export function Grants({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { ago } = useTime();
    const { act } = useAct();
    const query = { person: person.id };
    const grants = useQuery({ queryKey: ["grants", person.id], queryFn: () => done(api.GET("/v1/grants", { params: { query } })) });

    const end = (grant: string) => act(() => done(api.DELETE("/v1/grants/{grant}", { params: { path: { grant } } })), { again: ["grants"] });
    return (
        <Section title={t("grants.title")}>
            <Loaded query={grants}>
                {(page) => (
                    <Lines none={t("grants.none")} isEmpty={page.items.length === 0}>
                        {page.items.map((one) => (
                            <Line
                                key={one.id}
                                what={<Name of={one.label ?? one.title ?? one.client} />}
                                when={t("grants.line", { scope: one.scope, when: one.used ? ago(one.used) : t("shell:never") })}
                                deed={t("grants.end")}
                                end={() => void end(one.id)}
                            />
                        ))}
                    </Lines>
                )}
            </Loaded>
        </Section>
    );
}

/* Second factors: the help desk takes them away from who lost them; what they are, an administrator sees. */
export function Factors({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();
    const [isAsked, setAsked] = useState(false);
    const maySee = useMe().person.role === "administrator" || useMe().person.id === person.id;
    const path = { person: person.id };
    const factors = useQuery({
        queryKey: ["factors", person.id],
        queryFn: () => done(api.GET("/v1/people/{person}/factors", { params: { path } })),
        enabled: maySee,
    });

    const take = async () => {
        if (await act(() => done(api.DELETE("/v1/people/{person}/factors", { params: { path } })), { again: ["factors"], said: t("factors.taken") }))
            setAsked(false);
    };
    return (
        <Section
            title={t("factors.title")}
            lead={t("factors.lead")}
            actions={
                <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
                    {t("factors.take")}
                </Button>
            }
        >
            {maySee && (
                <Loaded query={factors}>
                    {(found) => (
                        <Facts
                            of={[
                                [t("factors.totp"), t(found.totp ? "shell:yes" : "shell:no")],
                                [t("factors.passkeys"), found.passkeys],
                                [t("factors.recovery"), found.recovery_codes],
                            ]}
                        />
                    )}
                </Loaded>
            )}
            <Confirm
                opened={isAsked}
                title={t("factors.take")}
                words={t("factors.words")}
                deed={t("factors.take")}
                busy={isBusy}
                close={() => setAsked(false)}
                confirm={() => void take()}
            />
        </Section>
    );
}
