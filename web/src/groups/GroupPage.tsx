// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Group, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { PersonPicker } from "../people/PersonPicker";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";

function Rename({ group }: { group: Schemas["Group"] }) {
    const { t } = useTranslation("groups");
    const { act, isBusy } = useAct();
    const [name, setName] = useState(group.name);

    const save = async (event: FormEvent) => {
        event.preventDefault();
        const params = { path: { group: group.id } };
        await act(() => done(api.PATCH("/v1/groups/{group}", { params, body: { name: name.trim() } })), { again: ["groups"], said: t("shell:saved") });
    };
    return (
        <form onSubmit={(event) => void save(event)}>
            <Group align="end">
                <TextInput label={t("name")} required maxLength={250} value={name} onChange={(event) => setName(event.currentTarget.value)} style={{ flex: "0 1 22rem" }} />
                <Button type="submit" variant="default" loading={isBusy} disabled={name.trim() === group.name}>
                    {t("rename")}
                </Button>
            </Group>
        </form>
    );
}

function Members({ group, mayChange }: { group: string; mayChange: boolean }) {
    const { t } = useTranslation("groups");
    const { act, isBusy } = useAct();
    const [person, setPerson] = useState<string | null>(null);
    const members = usePaged(["groups", "members", group], (after) =>
        done(api.GET("/v1/groups/{group}/members", { params: { path: { group }, query: after ? { after } : {} } })),
    );

    const add = async () => {
        if (!person) return;
        if (await act(() => done(api.PUT("/v1/groups/{group}/members/{person}", { params: { path: { group, person } } })), { again: ["groups"] })) setPerson(null);
    };
    const take = (one: string) =>
        act(() => done(api.DELETE("/v1/groups/{group}/members/{person}", { params: { path: { group, person: one } } })), { again: ["groups"] });

    return (
        <>
            {mayChange && (
                <Group align="end">
                    <PersonPicker label={t("put")} value={person} onChange={setPerson} />
                    <Button disabled={!person} loading={isBusy} onClick={() => void add()}>
                        {t("shell:add")}
                    </Button>
                </Group>
            )}
            <Loaded query={members.query}>
                {() =>
                    members.items?.length ? (
                        <Table>
                            <Table.Thead>
                                <Table.Tr>
                                    <Table.Th>{t("person")}</Table.Th>
                                    <Table.Th>{t("by")}</Table.Th>
                                    <Table.Th>
                                        <VisuallyHidden>{t("shell:actions")}</VisuallyHidden>
                                    </Table.Th>
                                </Table.Tr>
                            </Table.Thead>
                            <Table.Tbody>
                                {members.items.map((one) => (
                                    <Table.Tr key={`${one.person} ${one.method}`}>
                                        <Table.Td>
                                            <Anchor component={Link} href={`/admin/people/${one.person}`}>
                                                <Name of={one.email} size="sm" />
                                            </Anchor>
                                        </Table.Td>
                                        <Table.Td>{t(one.method ? "byMethod" : "byHand")}</Table.Td>
                                        <Table.Td ta="end">
                                            {mayChange && !one.method && (
                                                <Button size="compact-sm" variant="default" aria-label={t("takeThis", { name: one.email })} onClick={() => void take(one.person)}>
                                                    {t("take")}
                                                </Button>
                                            )}
                                        </Table.Td>
                                    </Table.Tr>
                                ))}
                            </Table.Tbody>
                        </Table>
                    ) : (
                        <Text c="dimmed">{t("empty")}</Text>
                    )
                }
            </Loaded>
            <More of={members} />
        </>
    );
}

function Shown({ group }: { group: Schemas["Group"] }) {
    const { t } = useTranslation("groups");
    const mayChange = useMe().person.role === "administrator";
    const { act, isBusy } = useAct();
    const [isAsked, setAsked] = useState(false);
    const [, go] = useLocation();

    const erase = async () => {
        if (await act(() => done(api.DELETE("/v1/groups/{group}", { params: { path: { group: group.id } } })), { said: t("deleted") })) go("/admin/groups", { replace: true });
    };
    return (
        <Page
            title={group.name.slice(0, 80)}
            lead={t("count", { count: group.members })}
            actions={
                mayChange && (
                    <Button variant="default" color="red" onClick={() => setAsked(true)}>
                        {t("shell:delete")}
                    </Button>
                )
            }
        >
            {mayChange && <Rename group={group} />}
            <Members group={group.id} mayChange={mayChange} />
            <Confirm
                opened={isAsked}
                title={t("delete.title")}
                words={t("delete.words")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={() => setAsked(false)}
                confirm={() => void erase()}
            />
        </Page>
    );
}

export default function GroupPage() {
    const { t } = useTranslation("groups");
    const { group: id } = useParams<{ group: string }>();
    const group = useQuery({ queryKey: ["groups", "one", id], queryFn: () => done(api.GET("/v1/groups/{group}", { params: { path: { group: id } } })) });

    return (
        <Stack>
            <Back to="/admin/groups" words={t("back")} />
            <Loaded query={group}>{(found) => <Shown key={found.id} group={found} />}</Loaded>
        </Stack>
    );
}
