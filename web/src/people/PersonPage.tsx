// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Button, Menu, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconDots, IconMailForward } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useParams, useSearchParams } from "wouter";

import { api, done } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { saveAs } from "../parts/download";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { Badges } from "./Badges";
import { EditPerson } from "./EditPerson";
import { Invite } from "./Invite";
import { PersonGroups } from "./PersonGroups";
import { type Person, useHasPrinting, useMayChange, usePerson } from "./person";
import { Factors, Grants, Sessions } from "./Security";

type Asked = "nothing" | "edit" | "invite" | "disable" | "erase";

function About({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { full } = useTime();
    const facts: [string, React.ReactNode][] = [
        [t("email"), <Name key="email" of={person.email} lines={2} />],
        [t("department"), <Name key="department" of={person.department ?? t("shell:none")} />],
        [t("role.title"), t(`role.${person.role}`) + (person.role_from_groups ? ` (${t("role.fromGroups")})` : "")],
        [t("password.title"), t(person.password_given ? "password.given" : person.has_password ? "password.own" : "password.none")],
        [t("pin.title"), t(person.pin_given ? "pin.given" : person.has_pin ? "pin.own" : "pin.none")],
        [t("since"), full(person.created)],
    ];

    if (person.guest_until) facts.push([t("guestUntil"), full(person.guest_until)]);
    return (
        <Section title={t("about")}>
            <Facts of={facts} />
        </Section>
    );
}

function useDeeds(person: Person) {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();
    const [, go] = useLocation();
    const path = { params: { path: { person: person.id } } };

    return {
        isBusy,
        unlock: () => act(() => done(api.DELETE("/v1/people/{person}/lock", path)), { said: t("unlocked") }),
        takePin: () => act(() => done(api.DELETE("/v1/people/{person}/pin", path)), { again: ["people"], said: t("pin.taken") }),
        endSessions: () => act(() => done(api.DELETE("/v1/people/{person}/sessions", path)), { again: ["sessions"], said: t("sessions.ended") }),
        disable: (disabled: boolean) =>
            act(() => done(api.PATCH("/v1/people/{person}", { ...path, body: { disabled } })), { again: ["people", "sessions", "grants"] }),
        take: () =>
            act(async () => {
                const data = await done(api.GET("/v1/people/{person}/export", path));
                saveAs(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }), "person.json");
            }),
        erase: async () => {
            if (await act(() => done(api.DELETE("/v1/people/{person}", path)), { said: t("erase.done") })) go("/admin/people", { replace: true });
        },
    };
}

interface MoreProps {
    person: Person;
    deeds: ReturnType<typeof useDeeds>;
    ask: (what: Asked) => void;
}

function MoreDeeds({ person, deeds, ask }: MoreProps) {
    const { t } = useTranslation("people");
    const mayChange = useMayChange();
    const hasPrinting = useHasPrinting();

    return (
        <Menu position="bottom-end">
            <Menu.Target>
                <ActionIcon variant="default" size="lg" aria-label={t("shell:actions")}>
                    <IconDots aria-hidden />
                </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Item onClick={() => void deeds.unlock()}>{t("unlock")}</Menu.Item>
                {person.has_pin && hasPrinting && <Menu.Item onClick={() => void deeds.takePin()}>{t("pin.take")}</Menu.Item>}
                {mayChange && hasPrinting && <Menu.Item onClick={() => void deeds.endSessions()}>{t("sessions.endAll")}</Menu.Item>}
                {mayChange && hasPrinting && <Menu.Item onClick={() => void deeds.take()}>{t("data")}</Menu.Item>}
                {mayChange && (
                    <>
                        <Menu.Divider />
                        {person.disabled ? (
                            <Menu.Item onClick={() => void deeds.disable(false)}>{t("enable")}</Menu.Item>
                        ) : (
                            <Menu.Item color="red" onClick={() => ask("disable")}>
                                {t("disable.deed")}
                            </Menu.Item>
                        )}
                        <Menu.Item color="red" onClick={() => ask("erase")}>
                            {t("erase.deed")}
                        </Menu.Item>
                    </>
                )}
            </Menu.Dropdown>
        </Menu>
    );
}

/* What somebody would lose, as far as it can be counted. */
function EraseWords({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const query = { person: person.id, state: "held" as const, limit: 50 };
    const held = useQuery({ queryKey: ["jobs", "of", person.id], queryFn: () => done(api.GET("/v1/jobs", { params: { query } })) });
    const count = held.data?.items.length ?? 0;

    return (
        <Stack gap="xs">
            <Text>{t("erase.words")}</Text>
            {count > 0 && <Text fw={600}>{t(held.data?.next ? "erase.manyJobs" : "erase.jobs", { count })}</Text>}
            <Text c="dimmed" size="sm">
                {t("erase.trail")}
            </Text>
        </Stack>
    );
}

function Shown({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const [search, setSearch] = useSearchParams();
    const [asked, ask] = useState<Asked>(search.has("invite") ? "invite" : "nothing");
    const deeds = useDeeds(person);
    const mayChange = useMayChange();
    const hasPrinting = useHasPrinting();
    const close = () => {
        ask("nothing");
        if (search.has("invite")) setSearch({}, { replace: true });
    };

    return (
        <Page
            title={(person.name ?? person.email).slice(0, 80)}
            lead={person.disabled ? t("disabledWords") : undefined}
            actions={
                <>
                    <Button leftSection={<IconMailForward size={18} aria-hidden />} onClick={() => ask("invite")}>
                        {t("invite.deed")}
                    </Button>
                    {mayChange && (
                        <Button variant="default" onClick={() => ask("edit")}>
                            {t("shell:edit")}
                        </Button>
                    )}
                    <MoreDeeds person={person} deeds={deeds} ask={ask} />
                </>
            }
        >
            <About person={person} />
            {hasPrinting && <Badges person={person} />}
            {hasPrinting && <PersonGroups person={person} />}
            {mayChange && hasPrinting && <Sessions person={person} />}
            {mayChange && hasPrinting && <Grants person={person} />}
            <Factors person={person} />
            {asked === "edit" && <EditPerson person={person} close={close} />}
            {asked === "invite" && <Invite person={person} close={close} />}
            <Confirm
                opened={asked === "disable"}
                title={t("disable.title")}
                words={t("disable.words")}
                deed={t("disable.deed")}
                busy={deeds.isBusy}
                close={close}
                confirm={() => void deeds.disable(true).then(close)}
            />
            <Confirm
                opened={asked === "erase"}
                title={t("erase.title")}
                words={hasPrinting ? <EraseWords person={person} /> : t("erase.words")}
                deed={t("erase.deed")}
                busy={deeds.isBusy}
                close={close}
                confirm={() => void deeds.erase()}
            />
        </Page>
    );
}

export default function PersonPage() {
    const { t } = useTranslation("people");
    const { person: id } = useParams<{ person: string }>();
    const person = usePerson(id);

    return (
        <Stack>
            <Back to="/admin/people" words={t("back")} />
            <Loaded query={person}>{(found) => <Shown key={found.id} person={found} />}</Loaded>
        </Stack>
    );
}
