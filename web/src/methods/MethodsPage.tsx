// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Anchor, Button, Group, Menu, Switch, Table, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { Domains } from "./Domains";
import { Policy } from "./Policy";
import { FIELDS } from "./settings";

type Method = Schemas["Method"];

export function useMethods() {
    return useQuery({ queryKey: ["methods"], queryFn: () => done(api.GET("/v1/methods")) });
}

/* Places are numbered anew where two change them, so that equal ones do not stay equal. */
async function swap(methods: readonly Method[], from: number, to: number) {
    const order = [...methods];

    [order[from], order[to]] = [order[to]!, order[from]!];
    for (const [position, { id: method, position: before }] of order.entries())
        if (before !== position) await done(api.PATCH("/v1/methods/{method}", { params: { path: { method } }, body: { position } }));
}

function Row({ method, move }: { method: Method; move: { up?: (() => void) | undefined; down?: (() => void) | undefined } }) {
    const { t } = useTranslation("methods");
    const { act, isBusy } = useAct();
    const isOurs = !(method.kind in FIELDS);
    const title = isOurs ? t(`kind.${method.kind}`, { defaultValue: method.kind }) : method.title || t(`kind.${method.kind}`);

    const turn = (enabled: boolean) =>
        act(() => done(api.PATCH("/v1/methods/{method}", { params: { path: { method: method.id } }, body: { enabled } })), { again: ["methods"] });
    return (
        <Table.Tr>
            <Table.Td maw="18rem">
                {isOurs ? (
                    title
                ) : (
                    <Anchor component={Link} href={`/admin/sign-in/${method.id}`}>
                        <Name of={title} size="sm" />
                    </Anchor>
                )}
            </Table.Td>
            <Table.Td>{t(`kind.${method.kind}`, { defaultValue: method.kind })}</Table.Td>
            <Table.Td>
                <Switch aria-label={t("on", { title })} checked={method.enabled} disabled={isBusy} onChange={(event) => void turn(event.currentTarget.checked)} />
            </Table.Td>
            <Table.Td>
                <Group gap={4} justify="flex-end" wrap="nowrap">
                    <ActionIcon variant="default" aria-label={t("up", { title })} disabled={!move.up} onClick={move.up}>
                        <IconArrowUp size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon variant="default" aria-label={t("down", { title })} disabled={!move.down} onClick={move.down}>
                        <IconArrowDown size={16} aria-hidden />
                    </ActionIcon>
                </Group>
            </Table.Td>
        </Table.Tr>
    );
}

function List({ methods }: { methods: readonly Method[] }) {
    const { t } = useTranslation("methods");
    const { act } = useAct();
    const move = (from: number, to: number) => () => void act(() => swap(methods, from, to), { again: ["methods"] });

    return (
        <Table.ScrollContainer minWidth={480}>
            <Table verticalSpacing="xs">
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{t("name")}</Table.Th>
                        <Table.Th>{t("kind.title")}</Table.Th>
                        <Table.Th>{t("isOn")}</Table.Th>
                        <Table.Th>
                            <VisuallyHidden>{t("order")}</VisuallyHidden>
                        </Table.Th>
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {methods.map((method, i) => (
                        <Row
                            key={method.id}
                            method={method}
                            move={{ up: i > 0 ? move(i, i - 1) : undefined, down: i + 1 < methods.length ? move(i, i + 1) : undefined }}
                        />
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

/* In which ways people come in, in the order in which they are offered. */
export default function MethodsPage() {
    const { t } = useTranslation("methods");
    const methods = useMethods();

    return (
        <Page title={t("title")} lead={t("lead")}>
            <Section
                title={t("ways")}
                lead={t("waysLead")}
                actions={
                    <Menu position="bottom-end">
                        <Menu.Target>
                            <Button>{t("add")}</Button>
                        </Menu.Target>
                        <Menu.Dropdown>
                            <Menu.Item component={Link} href="/admin/sign-in/new-oidc">
                                {t("kind.oidc")}
                            </Menu.Item>
                            <Menu.Item component={Link} href="/admin/sign-in/new-ldap">
                                {t("kind.ldap")}
                            </Menu.Item>
                        </Menu.Dropdown>
                    </Menu>
                }
            >
                <Loaded query={methods}>{(page) => <List methods={page.items} />}</Loaded>
            </Section>
            <Policy />
            <Domains />
        </Page>
    );
}
