// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Badge, Button, Checkbox, Group, Modal, MultiSelect, NumberInput, Paper, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Copied } from "../parts/Copied";
import { Empty } from "../parts/Empty";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Client = Schemas["Client"];
const SCOPES = ["print", "release", "read", "account", "admin"] as const;

function Secret({ id, secret, close }: { id: string; secret: string; close: () => void }) {
    const { t } = useTranslation("programs");

    return (
        <Modal opened onClose={close} title={t("secret.title")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <Stack>
                <Alert color="blue">{t("shell:shownOnce")}</Alert>
                <Facts
                    of={[
                        ["client_id", <Copied key="id" value={id} label="client_id" />],
                        ["client_secret", <Copied key="secret" value={secret} label="client_secret" />],
                    ]}
                />
                <Button onClick={close} style={{ alignSelf: "flex-end" }}>
                    {t("shell:close")}
                </Button>
            </Stack>
        </Modal>
    );
}

function Add({ close, tell }: { close: () => void; tell: (id: string, secret: string) => void }) {
    const { t } = useTranslation("programs");
    const { act, isBusy } = useAct();
    const [kind, setKind] = useState<Client["kind"]>("machine");
    const [title, setTitle] = useState("");
    const [scopes, setScopes] = useState<string[]>(["print"]);
    const [redirects, setRedirects] = useState("");

    const add = async (event: FormEvent) => {
        event.preventDefault();
        const lines = redirects.split("\n").map((line) => line.trim()).filter((line) => line !== "");
        const body = { kind, title: title.trim(), scope: scopes.join(" "), ...(kind === "public" ? { redirects: lines } : {}) };
        const made = await act(() => done(api.POST("/v1/clients", { body })), { again: ["clients"] });
        if (!made) return;
        close();
        if (made.came.secret) tell(made.came.id, made.came.secret);
    };
    return (
        <Modal opened onClose={close} title={t("add")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <form onSubmit={(event) => void add(event)}>
                <Stack>
                    <Select
                        label={t("kind.title")}
                        description={t(`kind.${kind}Hint`)}
                        allowDeselect={false}
                        value={kind}
                        onChange={(value) => setKind(value as Client["kind"])}
                        data={(["machine", "public"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
                    />
                    <TextInput label={t("name")} required maxLength={250} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
                    <Checkbox.Group label={t("scope.title")} value={scopes} onChange={setScopes}>
                        <Stack gap="xs" mt="xs">
                            {SCOPES.map((scope) => (
                                <Checkbox key={scope} value={scope} label={t(`scope.${scope}`)} />
                            ))}
                        </Stack>
                    </Checkbox.Group>
                    {kind === "public" && <Textarea label={t("redirects")} description={t("redirectsHint")} autosize minRows={2} value={redirects} onChange={(event) => setRedirects(event.currentTarget.value)} />}
                    <Button type="submit" loading={isBusy} style={{ alignSelf: "flex-end" }}>
                        {t("add")}
                    </Button>
                </Stack>
            </form>
        </Modal>
    );
}

/* Where a machine may print, and how much may wait. */
function Machine({ client, close }: { client: Client; close: () => void }) {
    const { t } = useTranslation("programs");
    const params = { path: { client: client.id } };
    const machine = useQuery({ queryKey: ["clients", "machine", client.id], queryFn: () => done(api.GET("/v1/clients/{client}/machine", { params })) });

    return (
        <Modal opened onClose={close} title={t("machine.title")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <Loaded query={machine}>{(found) => <MachineForm client={client} machine={found} close={close} />}</Loaded>
        </Modal>
    );
}

function MachineForm({ client, machine, close }: { client: Client; machine: Schemas["Machine"]; close: () => void }) {
    const { t } = useTranslation("programs");
    const { act, isBusy } = useAct();
    const [queues, setQueues] = useState(machine.queues);
    const [most, setMost] = useState<number | string>(machine.jobs_max);
    const known = useQuery({ queryKey: ["queues", "some"], queryFn: () => done(api.GET("/v1/queues", { params: { query: { limit: 200 } } })) });

    const save = async (event: FormEvent) => {
        event.preventDefault();
        const params = { path: { client: client.id } };
        const saved = await act(() => done(api.PATCH("/v1/clients/{client}/machine", { params, body: { queues, jobs_max: Number(most) } })), { again: ["clients"], said: t("shell:saved") });
        if (saved) close();
    };
    return (
        <form onSubmit={(event) => void save(event)}>
            <Stack>
                <MultiSelect
                    label={t("machine.queues")}
                    searchable
                    value={queues}
                    onChange={setQueues}
                    data={(known.data?.items ?? []).map((queue) => ({ value: queue.id, label: queue.name.slice(0, 80) }))}
                />
                <NumberInput label={t("machine.most")} description={t("machine.mostHint")} min={0} max={1000000} value={most} onChange={setMost} />
                <Button type="submit" loading={isBusy} style={{ alignSelf: "flex-end" }}>
                    {t("shell:save")}
                </Button>
            </Stack>
        </form>
    );
}

function One({ client, tell }: { client: Client; tell: (id: string, secret: string) => void }) {
    const { t } = useTranslation("programs");
    const { ago } = useTime();
    const { act, isBusy } = useAct();
    const [asked, ask] = useState<"nothing" | "machine" | "delete">("nothing");
    const params = { path: { client: client.id } };
    const close = () => ask("nothing");

    const renew = async () => {
        const made = await act(() => done(api.POST("/v1/clients/{client}/secrets", { params, body: {} })));
        if (made) tell(made.came.id, made.came.secret);
    };
    const take = () => act(() => done(api.DELETE("/v1/clients/{client}", { params })), { again: ["clients"] });
    return (
        <Paper component="li" withBorder p="md">
            <Group justify="space-between" align="flex-start">
                <Stack gap={4} miw={0}>
                    <Group gap="xs">
                        <Name of={client.title} fw={600} />
                        <Badge tt="none" variant="light">{t(`kind.${client.kind}`)}</Badge>
                    </Group>
                    <Text size="sm">{client.scope.split(" ").map((scope) => t(`scope.${scope}`, { defaultValue: scope })).join(", ")}</Text>
                    <Text size="sm" c="dimmed">
                        {t("used", { when: client.used ? ago(client.used) : t("shell:never") })}
                    </Text>
                    <Copied value={client.id} label="client_id" />
                </Stack>
                <Group gap="xs">
                    {client.kind === "machine" && (
                        <>
                            <Button size="compact-sm" variant="default" onClick={() => ask("machine")}>
                                {t("machine.title")}
                            </Button>
                            <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => void renew()}>
                                {t("secret.renew")}
                            </Button>
                        </>
                    )}
                    <Button size="compact-sm" variant="default" onClick={() => ask("delete")}>
                        {t("shell:delete")}
                    </Button>
                </Group>
            </Group>
            {asked === "machine" && <Machine client={client} close={close} />}
            <Confirm opened={asked === "delete"} title={t("delete.title")} words={t("delete.words")} deed={t("shell:delete")} busy={isBusy} close={close} confirm={() => void take()} />
        </Paper>
    );
}

/* The organisation's own programs and machines. */
export default function ProgramsPage() {
    const { t } = useTranslation("programs");
    const [isAdding, setAdding] = useState(false);
    const [told, tell] = useState<{ id: string; secret: string } | null>(null);
    const clients = usePaged(["clients", "list"], (after) => done(api.GET("/v1/clients", { params: { query: after ? { after } : {} } })));
    const show = (id: string, secret: string) => tell({ id, secret });

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={() => setAdding(true)}>{t("add")}</Button>}>
            <Loaded query={clients.query}>
                {() =>
                    clients.items?.length ? (
                        <Stack component="ul" p={0} m={0} style={{ listStyle: "none" }}>
                            {clients.items.map((client) => (
                                <One key={client.id} client={client} tell={show} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={clients} />
            {isAdding && <Add close={() => setAdding(false)} tell={show} />}
            {told && <Secret id={told.id} secret={told.secret} close={() => tell(null)} />}
        </Page>
    );
}
