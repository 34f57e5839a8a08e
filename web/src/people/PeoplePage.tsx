// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Badge, Button, Group, Select, Table, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDownload, IconSearch, IconTableImport, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done } from "../api/client";
import { saveAs } from "../parts/download";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { AddPerson } from "./AddPerson";
import { GIVEN_ROLES, type Person, type Role, useMayChange } from "./person";

const LONGEST_SEARCH = 200;

function usePeople(search: string, role: Role | null) {
    return usePaged(["people", "list", search, role], (after, limit) =>
        done(api.GET("/v1/people", { params: { query: { search, limit, ...(role ? { role } : {}), ...(after ? { after } : {}) } } })),
    );
}

export function Standing({ person }: { person: Person }) {
    const { t } = useTranslation("people");

    return (
        <Group gap={4}>
            {person.role !== "person" && <Badge tt="none" variant="light">{t(`role.${person.role}`)}</Badge>}
            {person.disabled && (
                <Badge tt="none" color="red" variant="light">
                    {t("disabled")}
                </Badge>
            )}
            {person.guest_until && (
                <Badge tt="none" color="gray" variant="light">
                    {t("guest")}
                </Badge>
            )}
        </Group>
    );
}

/* On a phone the address stands below the name, and what else there is on the person's page. */
function Row({ person }: { person: Person }) {
    return (
        <Table.Tr>
            <Table.Td maw="16rem">
                <Anchor component={Link} href={`/admin/people/${person.id}`}>
                    <Name of={person.name ?? person.email} size="sm" />
                </Anchor>
                <Name of={person.email} size="xs" c="dimmed" hiddenFrom="sm" />
            </Table.Td>
            <Table.Td maw="18rem" visibleFrom="sm">
                <Name of={person.email} size="sm" />
            </Table.Td>
            <Table.Td maw="12rem" visibleFrom="sm">
                <Name of={person.department} size="sm" />
            </Table.Td>
            <Table.Td>
                <Standing person={person} />
            </Table.Td>
            <Table.Td ta="end" visibleFrom="sm">
                {person.badges}
            </Table.Td>
        </Table.Tr>
    );
}

function Actions({ add }: { add: () => void }) {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();

    const take = () =>
        act(async () => saveAs((await done(api.GET("/v1/people/export", { parseAs: "blob" }))) as unknown as Blob, "people.csv"));
    return (
        <>
            <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} loading={isBusy} onClick={() => void take()}>
                {t("export")}
            </Button>
            <Button component={Link} href="/admin/people/import" variant="default" leftSection={<IconTableImport size={18} aria-hidden />}>
                {t("import.title")}
            </Button>
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={add}>
                {t("add.title")}
            </Button>
        </>
    );
}

function List({ people }: { people: ReturnType<typeof usePeople> }) {
    const { t } = useTranslation("people");

    if (!people.items?.length) return <Empty words={t("none")} hint={t("noneHint")} />;
    return (
        <Table.ScrollContainer minWidth={280}>
            <Table verticalSpacing="xs" highlightOnHover>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{t("name")}</Table.Th>
                        <Table.Th visibleFrom="sm">{t("email")}</Table.Th>
                        <Table.Th visibleFrom="sm">{t("department")}</Table.Th>
                        <Table.Th>{t("standing")}</Table.Th>
                        <Table.Th ta="end" visibleFrom="sm">
                            {t("badges.title")}
                        </Table.Th>
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {people.items.map((person) => (
                        <Row key={person.id} person={person} />
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

/* Everybody, searched by the service: there may be 100,000. */
export default function PeoplePage() {
    const { t } = useTranslation("people");
    const [words, setWords] = useState("");
    const [role, setRole] = useState<Role | null>(null);
    const [search] = useDebouncedValue(words, 250);
    const [isAdding, setAdding] = useState(false);
    const people = usePeople(search.trim().slice(0, LONGEST_SEARCH), role);
    const mayChange = useMayChange();

    return (
        <Page title={t("title")} lead={t("lead")} size="xl" actions={mayChange && <Actions add={() => setAdding(true)} />}>
            <Group align="end">
                <TextInput
                    label={t("search")}
                    leftSection={<IconSearch size={16} aria-hidden />}
                    value={words}
                    maxLength={LONGEST_SEARCH}
                    onChange={(event) => setWords(event.currentTarget.value)}
                    style={{ flex: "1 1 16rem" }}
                />
                <Select
                    label={t("role.title")}
                    placeholder={t("role.any")}
                    clearable
                    clearButtonProps={{ "aria-label": t("role.any") }}
                    value={role}
                    onChange={(value) => setRole(value as Role | null)}
                    data={[...GIVEN_ROLES, "site-administrator", "machine"].map((value) => ({ value, label: t(`role.${value}`) }))}
                />
            </Group>
            <Loaded query={people.query}>{() => <List people={people} />}</Loaded>
            <More of={people} />
            <AddPerson opened={isAdding} close={() => setAdding(false)} />
        </Page>
    );
}
