// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Group, Loader, Paper, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconClock, IconHelp, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useJob } from "../jobs/calls";
import { DidItPrint } from "../jobs/DidItPrint";
import { useReason } from "../jobs/reason";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { isOpen, type Release, useRelease } from "./calls";

type Delivery = Release["deliveries"][number];

function Mark({ state }: { state: Delivery["state"] }) {
    if (state === "printed" || state === "sent" || state === "closed")
        return (
            <ThemeIcon color="green" radius="xl" aria-hidden>
                <IconCheck size={18} />
            </ThemeIcon>
        );
    if (state === "not-printed" || state === "cancelled")
        return (
            <ThemeIcon color="red" radius="xl" aria-hidden>
                <IconX size={18} />
            </ThemeIcon>
        );
    if (state === "uncertain")
        return (
            <ThemeIcon color="orange" radius="xl" aria-hidden>
                <IconHelp size={18} />
            </ThemeIcon>
        );
    return state === "armed" ? (
        <Loader size="sm" aria-hidden />
    ) : (
        <ThemeIcon color="gray" variant="light" radius="xl" aria-hidden>
            <IconClock size={18} />
        </ThemeIcon>
    );
}

function One({ delivery }: { delivery: Delivery }) {
    const { t } = useTranslation("release");
    const job = useJob(delivery.job).data;
    const reason = useReason()(delivery.reason);
    const says = ["not-printed", "cancelled"].includes(delivery.state) && reason;

    return (
        <Paper component="li" withBorder p="sm">
            <Stack gap="xs">
                <Group wrap="nowrap">
                    <Mark state={delivery.state} />
                    <div style={{ minWidth: 0 }}>
                        <Name of={job?.title ?? t("document")} fw={600} />
                        {delivery.state !== "uncertain" && <Text size="sm">{t(`delivery.${delivery.state}`)}</Text>}
                        {says && <Text size="sm">{reason}</Text>}
                    </div>
                </Group>
                {delivery.state === "uncertain" && job && job.delivery?.state === "uncertain" && <DidItPrint job={job} />}
            </Stack>
        </Paper>
    );
}

/* Until it is on paper, or somebody knows why it is not. */
export function Progress({ release: id }: { release: string }) {
    const { t } = useTranslation("release");
    const release = useRelease(id);

    return (
        <Loaded query={release}>
            {(found) => {
                const isAsked = found.deliveries.some((delivery) => delivery.state === "uncertain");
                const out = found.deliveries.filter((delivery) => ["printed", "sent", "closed"].includes(delivery.state)).length;
                return (
                    <Stack>
                        <Text role="status" fw={600} size="lg">
                            {isOpen(found)
                                ? t("progress.going", { count: found.deliveries.length })
                                : out === found.deliveries.length
                                  ? t("progress.done", { count: out })
                                  : isAsked
                                    ? t("progress.asked")
                                    : t("progress.over", { out, count: found.deliveries.length })}
                        </Text>
                        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                            {found.deliveries.map((delivery) => (
                                <One key={delivery.id} delivery={delivery} />
                            ))}
                        </Stack>
                        {found.refused.length > 0 && (
                            <Alert color="orange" title={t("leftOut", { count: new Set(found.refused.map((one) => one.job)).size })}>
                                {t("leftOutWords")}
                            </Alert>
                        )}
                        <Group>
                            <Button component={Link} href="/" variant="default">
                                {t("back")}
                            </Button>
                        </Group>
                    </Stack>
                );
            }}
        </Loaded>
    );
}
