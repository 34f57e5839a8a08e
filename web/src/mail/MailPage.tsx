// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Badge, Button, Group, Modal, Paper, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Route = Schemas["AlertRoute"];
const LEAST = ["information", "warning", "critical"] as const;

function Edit({ route, close, tell }: { route: Route | null; close: () => void; tell: (secret: string) => void }) {
    const { t } = useTranslation("mail");
    const { act, isBusy } = useAct();
    const [kind, setKind] = useState<Route["kind"]>(route?.kind ?? "mail");
    const [title, setTitle] = useState(route?.title ?? "");
    const [to, setTo] = useState(route?.to ?? "");
    const [least, setLeast] = useState<Route["least"]>(route?.least ?? "warning");
    const [closings, setClosings] = useState(route?.closings ?? true);

    const save = async (event: FormEvent) => {
        event.preventDefault();
        const body = { title: title.trim(), to: to.trim(), least, closings };
        const saved = await act(
            async (): Promise<string | null> => {
                if (!route) return (await done(api.POST("/v1/alert-routes", { body: { ...body, kind } }))).secret;
                await done(api.PATCH("/v1/alert-routes/{route}", { params: { path: { route: route.id } }, body }));
                return null;
            },
            { again: ["alert-routes"] },
        );
        if (!saved) return;
        close();
        if (saved.came) tell(saved.came);
    };
    return (
        <Modal opened onClose={close} title={t(route ? "shell:edit" : "add")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <form onSubmit={(event) => void save(event)}>
                <Stack>
                    <TextInput label={t("name")} required maxLength={250} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
                    {!route && (
                        <Select
                            label={t("kind.title")}
                            allowDeselect={false}
                            value={kind}
                            onChange={(value) => setKind(value as Route["kind"])}
                            data={(["mail", "webhook"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
                        />
                    )}
                    <TextInput label={t(`to.${kind}`)} required maxLength={2047} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
                    <Select label={t("least.title")} allowDeselect={false} value={least} onChange={(value) => setLeast(value as Route["least"])} data={LEAST.map((value) => ({ value, label: t(`least.${value}`) }))} />
                    <Switch label={t("closings")} checked={closings} onChange={(event) => setClosings(event.currentTarget.checked)} />
                    <Button type="submit" loading={isBusy} style={{ alignSelf: "flex-end" }}>
                        {t("shell:save")}
                    </Button>
                </Stack>
            </form>
        </Modal>
    );
}

function One({ route, edit }: { route: Route; edit: () => void }) {
    const { t } = useTranslation("mail");
    const { ago } = useTime();
    const { act, isBusy } = useAct();
    const take = () => act(() => done(api.DELETE("/v1/alert-routes/{route}", { params: { path: { route: route.id } } })), { again: ["alert-routes"] });

    return (
        <Paper component="li" withBorder p="md">
            <Group justify="space-between" align="flex-start">
                <Stack gap={4} miw={0}>
                    <Group gap="xs">
                        <Name of={route.title} fw={600} />
                        <Badge tt="none" variant="light">{t(`kind.${route.kind}`)}</Badge>
                    </Group>
                    <Name of={route.to} />
                    <Text size="sm" c="dimmed">
                        {t(`least.${route.least}`)}
                        {route.outcome && route.outcome_at && `; ${t(`outcome.${route.outcome}`, { defaultValue: route.outcome })}, ${ago(route.outcome_at)}`}
                        {route.waiting > 0 && `; ${t("waiting", { count: route.waiting })}`}
                    </Text>
                </Stack>
                <Group gap="xs">
                    <Button size="compact-sm" variant="default" onClick={edit}>
                        {t("shell:edit")}
                    </Button>
                    <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => void take()}>
                        {t("shell:delete")}
                    </Button>
                </Group>
            </Group>
        </Paper>
    );
}

/* Who is told when a printer, a reader or an agent needs somebody. */
export default function MailPage() {
    const { t } = useTranslation("mail");
    const [edited, edit] = useState<Route | "new" | null>(null);
    const [secret, tell] = useState<string | null>(null);
    const routes = usePaged(["alert-routes"], (after) => done(api.GET("/v1/alert-routes", { params: { query: after ? { after } : {} } })));

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={() => edit("new")}>{t("add")}</Button>}>
            <Loaded query={routes.query}>
                {() =>
                    routes.items?.length ? (
                        <Stack component="ul" p={0} m={0} style={{ listStyle: "none" }}>
                            {routes.items.map((route) => (
                                <One key={route.id} route={route} edit={() => edit(route)} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={routes} />
            {edited && <Edit route={edited === "new" ? null : edited} close={() => edit(null)} tell={tell} />}
            <Modal opened={secret !== null} onClose={() => tell(null)} title={t("secret")} closeButtonProps={{ "aria-label": t("shell:close") }}>
                <Stack>
                    <Alert color="blue">{t("shell:shownOnce")}</Alert>
                    <Copied value={secret ?? ""} label={t("secret")} />
                </Stack>
            </Modal>
        </Page>
    );
}
