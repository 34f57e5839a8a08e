// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Group, Table, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done } from "../api/client";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";

function Add() {
    const { t } = useTranslation("groups");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");

    const add = async (event: FormEvent) => {
        event.preventDefault();
        if (await act(() => done(api.POST("/v1/groups", { body: { name: name.trim() } })), { again: ["groups"] })) setName("");
    };
    return (
        <form onSubmit={(event) => void add(event)}>
            <Group align="end">
                <TextInput
                    label={t("new")}
                    required
                    maxLength={250}
                    value={name}
                    onChange={(event) => setName(event.currentTarget.value)}
                    style={{ flex: "0 1 22rem" }}
                />
                <Button type="submit" loading={isBusy}>
                    {t("add")}
                </Button>
            </Group>
        </form>
    );
}

export default function GroupsPage() {
    const { t } = useTranslation("groups");
    const mayChange = useMe().person.role === "administrator";
    const groups = usePaged(["groups", "list"], (after) => done(api.GET("/v1/groups", { params: { query: after ? { after } : {} } })));

    return (
        <Page title={t("title")} lead={t("lead")}>
            {mayChange && <Add />}
            <Loaded query={groups.query}>
                {() =>
                    groups.items?.length ? (
                        <Table verticalSpacing="xs" highlightOnHover>
                            <Table.Thead>
                                <Table.Tr>
                                    <Table.Th>{t("name")}</Table.Th>
                                    <Table.Th ta="end">{t("members")}</Table.Th>
                                </Table.Tr>
                            </Table.Thead>
                            <Table.Tbody>
                                {groups.items.map((group) => (
                                    <Table.Tr key={group.id}>
                                        <Table.Td>
                                            <Anchor component={Link} href={`/admin/groups/${group.id}`}>
                                                <Name of={group.name} size="sm" />
                                            </Anchor>
                                        </Table.Td>
                                        <Table.Td ta="end">{group.members}</Table.Td>
                                    </Table.Tr>
                                ))}
                            </Table.Tbody>
                        </Table>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={groups} />
        </Page>
    );
}
