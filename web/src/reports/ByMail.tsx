// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from "@mantine/core";
import { IconMail, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { useComplain } from "../parts/complaint";
import { Loaded } from "../parts/Loaded";
import { useTime } from "../parts/time";
import { usePaged } from "../parts/usePaged";
import type { By } from "./order";

type Schedule = Schemas["ReportSchedule"];
type Period = "daily" | "weekly" | "monthly";

const KEY = ["report-schedules"];

function useChange<T>(change: (what: T) => Promise<unknown>) {
    const client = useQueryClient();
    const complain = useComplain();

    return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: KEY }), onError: complain });
}

function One({ schedule }: { schedule: Schedule }) {
    const { t } = useTranslation("reports");
    const { full } = useTime();
    const ending = useChange((id: string) => done(api.DELETE("/v1/report-schedules/{schedule}", { params: { path: { schedule: id } } })));
    const what = t("mail.one", { what: t(`caption.${schedule.by}`), period: t(`mail.${schedule.period}`) });

    return (
        <Group component="li" justify="space-between" gap="xs">
            <div>
                <Text>{what}</Text>
                <Text size="sm" c="dimmed">
                    {t("mail.next", { when: full(schedule.due) })}
                    {schedule.outcome && schedule.outcome !== "sent" && ` ${t("mail.failed")}`}
                </Text>
            </div>
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
    );
}

/* The report that is shown, sent to whoever looks at it, from now on. */
export function ByMail({ by }: { by: By }) {
    const { t, i18n } = useTranslation("reports");
    const [period, setPeriod] = useState<Period>("monthly");
    const schedules = usePaged(KEY, (after) => done(api.GET("/v1/report-schedules", { params: { query: after ? { after } : {} } })));
    const adding = useChange((body: { by: By; period: Period; language: "en" | "de" }) => done(api.POST("/v1/report-schedules", { body })));

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
                    <NativeSelect
                        label={t("mail.how", { what: t(`caption.${by}`) })}
                        value={period}
                        onChange={(event) => setPeriod(event.currentTarget.value as Period)}
                        data={["daily", "weekly", "monthly"].map((one) => ({ value: one, label: t(`mail.${one}`) }))}
                    />
                    <Button
                        variant="default"
                        leftSection={<IconMail size={18} aria-hidden />}
                        loading={adding.isPending}
                        onClick={() => adding.mutate({ by, period, language: i18n.language === "de" ? "de" : "en" })}
                    >
                        {t("mail.add")}
                    </Button>
                </Group>
            </Stack>
        </Paper>
    );
}
