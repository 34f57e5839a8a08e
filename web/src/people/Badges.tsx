// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Select, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import type { Person } from "./person";

type Badge = Schemas["Badge"];
const KINDS = ["card", "nfc", "legacy"] as const satisfies readonly Badge["kind"][];

/* What readers write beside the digits of a number. */
function digitsOf(number: string): string {
    return number.replace(/[\s:.-]/g, "").toUpperCase();
}

function Row({ badge, take }: { badge: Badge; take: () => void }) {
    const { t } = useTranslation("people");
    const { ago } = useTime();

    return (
        <Table.Tr>
            <Table.Td>{t(`badges.kind.${badge.kind}`)}</Table.Td>
            <Table.Td>…{badge.tail}</Table.Td>
            <Table.Td>
                <Name of={badge.label} />
            </Table.Td>
            <Table.Td>{badge.used ? ago(badge.used) : t("shell:never")}</Table.Td>
            <Table.Td ta="end">
                <Button size="compact-sm" variant="default" aria-label={t("badges.takeThis", { tail: badge.tail })} onClick={take}>
                    {t("badges.take")}
                </Button>
            </Table.Td>
        </Table.Tr>
    );
}

function Rows({ items, take }: { items: Badge[]; take: (badge: Badge) => void }) {
    const { t } = useTranslation("people");

    if (items.length === 0) return <Text c="dimmed">{t("badges.none")}</Text>;
    return (
        <Table.ScrollContainer minWidth={420}>
            <Table aria-label={t("badges.title")}>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{t("badges.kind.title")}</Table.Th>
                        <Table.Th>{t("badges.tail")}</Table.Th>
                        <Table.Th>{t("badges.label")}</Table.Th>
                        <Table.Th>{t("badges.used")}</Table.Th>
                        <Table.Th>
                            <VisuallyHidden>{t("shell:actions")}</VisuallyHidden>
                        </Table.Th>
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {items.map((badge) => (
                        <Row key={badge.id} badge={badge} take={() => take(badge)} />
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

function Add({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();
    const [number, setNumber] = useState("");
    const [label, setLabel] = useState("");
    const [kind, setKind] = useState<Badge["kind"]>("card");

    const add = async (event: FormEvent) => {
        event.preventDefault();
        const body = { number: digitsOf(number), kind, label: label.trim() || null };
        const params = { path: { person: person.id } };
        const made = await act(() => done(api.POST("/v1/people/{person}/badges", { params, body })), { again: ["badges", "people"], said: t("badges.added") });
        if (made) setNumber("");
        if (made) setLabel("");
    };

    return (
        <form onSubmit={(event) => void add(event)}>
            <Group align="end">
                <TextInput
                    label={t("badges.number")}
                    description={t("badges.hint")}
                    required
                    autoComplete="off"
                    maxLength={96}
                    value={number}
                    onChange={(event) => setNumber(event.currentTarget.value)}
                    style={{ flex: "2 1 14rem" }}
                />
                <Select
                    label={t("badges.kind.title")}
                    allowDeselect={false}
                    value={kind}
                    onChange={(value) => setKind(value as Badge["kind"])}
                    data={KINDS.map((value) => ({ value, label: t(`badges.kind.${value}`) }))}
                    w="10rem"
                />
                <TextInput
                    label={t("badges.label")}
                    maxLength={250}
                    value={label}
                    onChange={(event) => setLabel(event.currentTarget.value)}
                    style={{ flex: "1 1 8rem" }}
                />
                <Button type="submit" loading={isBusy}>
                    {t("badges.add")}
                </Button>
            </Group>
        </form>
    );
}

/* Numbers go in and are not shown again: of each the last four digits are known. */
export function Badges({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { act } = useAct();
    const path = { person: person.id };
    const badges = useQuery({ queryKey: ["badges", person.id], queryFn: () => done(api.GET("/v1/people/{person}/badges", { params: { path } })) });

    const take = (badge: Badge) =>
        act(() => done(api.DELETE("/v1/people/{person}/badges/{badge}", { params: { path: { ...path, badge: badge.id } } })), {
            again: ["badges", "people"],
            said: t("badges.taken"),
        });
    return (
        <Section title={t("badges.title")} lead={t("badges.lead")}>
            <Loaded query={badges}>{(page) => <Rows items={page.items} take={(badge) => void take(badge)} />}</Loaded>
            <Add person={person} />
        </Section>
    );
}
