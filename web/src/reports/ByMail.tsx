// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconMail, IconPencil, IconSend, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { useComplain } from "../parts/complaint";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { useTime } from "../parts/time";
import { usePaged } from "../parts/usePaged";
import { useMe } from "../shell/me";
import type { By } from "./order";

type Schedule = Schemas["ReportSchedule"];
type Period = "daily" | "weekly" | "monthly";
type File = "csv" | "pdf";

const PERIODS = ["daily", "weekly", "monthly"] as const;
const FILES = ["csv", "pdf"] as const;

const KEY = ["report-schedules"];

function useChange<T>(change: (what: T) => Promise<unknown>) {
    const client = useQueryClient();
    const complain = useComplain();

    return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: KEY }), onError: complain });
}

interface Wish {
    period: Period;
    attach: File[];
}

function Wishes({ label, wish, change }: { label: string; wish: Wish; change: (wish: Wish) => void }) {
    const { t } = useTranslation("reports");

    return (
        <>
            <NativeSelect
                label={label}
                value={wish.period}
                onChange={(event) => change({ ...wish, period: event.currentTarget.value as Period })}
                data={PERIODS.map((one) => ({ value: one, label: t(`mail.${one}`) }))}
            />
            <Checkbox.Group label={t("mail.files")} value={wish.attach} onChange={(files) => change({ ...wish, attach: files as File[] })}>
                <Group h={36}>
                    {FILES.map((file) => (
                        <Checkbox key={file} value={file} label={t(file)} />
                    ))}
                </Group>
            </Checkbox.Group>
        </>
    );
}

function Change({ schedule, close }: { schedule: Schedule; close: () => void }) {
    const { t } = useTranslation("reports");
    const [wish, setWish] = useState<Wish>({ period: schedule.period as Period, attach: schedule.attach });
    const changing = useChange((body: Wish) => done(api.PATCH("/v1/report-schedules/{schedule}", { params: { path: { schedule: schedule.id } }, body })));

    return (
        <Group align="flex-end" gap="sm">
            <Wishes label={t("mail.often")} wish={wish} change={setWish} />
            <Button loading={changing.isPending} onClick={() => changing.mutate(wish, { onSuccess: close })}>
                {t("shell:save")}
            </Button>
            <Button variant="subtle" onClick={close}>
                {t("shell:cancel")}
            </Button>
        </Group>
    );
}

function One({ schedule }: { schedule: Schedule }) {
    const { t } = useTranslation("reports");
    const { full } = useTime();
    const { person } = useMe();
    const [isChanging, setChanging] = useState(false);
    const sending = useChange((id: string) => done(api.PUT("/v1/report-schedules/{schedule}/sending", { params: { path: { schedule: id } } })));
    const ending = useChange((id: string) => done(api.DELETE("/v1/report-schedules/{schedule}", { params: { path: { schedule: id } } })));
    const what = t("mail.one", { what: t(`caption.${schedule.by}`), period: t(`mail.${schedule.period}`) });

    return (
        <Stack component="li" gap="xs">
        <Group justify="space-between" gap="xs">
            <div>
                <Text>{what}</Text>
                {schedule.to && schedule.to !== person.email && <Name of={t("mail.toOne", { to: schedule.to })} size="sm" />}
                <Text size="sm" c="dimmed">
                    {[...schedule.attach.map((file) => t(file)), t("mail.next", { when: full(schedule.due) })].join(" · ")}
                    {schedule.outcome && schedule.outcome !== "sent" && ` ${t("mail.failed")}`}
                </Text>
            </div>
            <Group gap={4}>
            <Button
                variant="subtle"
                leftSection={<IconSend size={18} aria-hidden />}
                loading={sending.isPending}
                disabled={sending.isSuccess}
                onClick={() => sending.mutate(schedule.id)}
                aria-label={t("mail.sendThis", { what })}
            >
                {t(sending.isSuccess ? "mail.onItsWay" : "mail.send")}
            </Button>
            <Button
                variant="subtle"
                leftSection={<IconPencil size={18} aria-hidden />}
                onClick={() => setChanging(!isChanging)}
                aria-expanded={isChanging}
                aria-label={t("mail.changeThis", { what })}
            >
                {t("mail.change")}
            </Button>
            <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={18} aria-hidden />}
                loading={ending.isPending}
                onClick={() => ending.mutate(schedule.id)}
                aria-label={t("mail.endThis", { what })}
            >
                {t("mail.end")}
            </Button>
            </Group>
        </Group>
        {isChanging && <Change schedule={schedule} close={() => setChanging(false)} />}
        </Stack>
    );
}

/* The report that is shown, sent to whoever looks at it, from now on. */
export function ByMail({ by, ownAlone }: { by: By; ownAlone: boolean }) {
    const { t, i18n } = useTranslation("reports");
    const [wish, setWish] = useState<Wish>({ period: "monthly", attach: [] });
    const [to, setTo] = useState("");
    const { person } = useMe();
    const schedules = usePaged(KEY, (after) => done(api.GET("/v1/report-schedules", { params: { query: after ? { after } : {} } })));
    const adding = useChange((body: Wish & { by: By; language: "en" | "de"; to: string | null }) => done(api.POST("/v1/report-schedules", { body })));

    return (
        <Paper withBorder p="md" component="section" aria-labelledby="by-mail">
            <Stack>
                <Title order={2} size="h4" id="by-mail">
                    {t("mail.title")}
                </Title>
                <Loaded query={schedules.query}>
                    {() => (
                        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
                            {schedules.items?.map((schedule) => (
                                <One key={schedule.id} schedule={schedule} />
                            ))}
                        </Stack>
                    )}
                </Loaded>
                <Group align="flex-end" gap="sm">
                    <Wishes label={t("mail.how", { what: t(`caption.${by}`) })} wish={wish} change={setWish} />
                    {!ownAlone && (
                        <TextInput type="email" label={t("mail.to")} placeholder={person.email} value={to} maxLength={254} onChange={(event) => setTo(event.currentTarget.value)} />
                    )}
                    <Button
                        variant="default"
                        leftSection={<IconMail size={18} aria-hidden />}
                        loading={adding.isPending}
                        onClick={() => adding.mutate({ ...wish, by, language: i18n.language === "de" ? "de" : "en", to: to.trim() || null }, { onSuccess: () => setTo("") })}
                    >
                        {t("mail.add")}
                    </Button>
                </Group>
            </Stack>
        </Paper>
    );
}
