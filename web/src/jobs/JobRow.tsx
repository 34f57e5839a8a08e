// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Paper, Stack, Text } from "@mantine/core";
import { IconPrinter, IconTrash } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { money } from "../parts/money";
import { Name } from "../parts/Name";
import { useTime } from "../parts/time";
import { PageImage } from "./PageImage";
import { useReason } from "./reason";
import { colourOf, type Job, needsReason, standing } from "./standing";

/* "3 pages, in colour". */
export function useContents(): (job: Job) => string {
    const { t } = useTranslation("jobs");

    return (job) => {
        if (!job.pages) return "";
        const colour = job.colour_pages === null ? "" : `, ${t(job.colour_pages > 0 ? "inColour" : "inGrey")}`;
        return t("pages", { count: job.pages }) + colour;
    };
}

/* "about €0.08"; "" where nobody has set prices. */
export function useCost(): (cost: Job["cost"]) => string {
    const { t, i18n } = useTranslation("jobs");

    return (cost) => {
        const words = cost && money(i18n.language, cost.currency, cost.amount);
        return !words ? "" : cost.estimated ? t("about", { cost: words }) : words;
    };
}

function Facts({ job }: { job: Job }) {
    const { t } = useTranslation("jobs");
    const { ago, full } = useTime();
    const contents = useContents()(job);
    const cost = useCost()(job.cost);
    const state = standing(job);
    const reason = useReason()(needsReason(state) ? job.reason : null);

    return (
        <Stack gap={2}>
            <Text size="sm" c="dimmed">
                {[contents, cost, ago(job.created)].filter(Boolean).join(" · ")}
            </Text>
            {job.state === "held" && job.expires && (
                <Text size="xs" c="dimmed" title={full(job.expires)}>
                    {t("expires", { when: ago(job.expires) })}
                </Text>
            )}
            {state !== "waiting" && (
                <Group gap="xs">
                    <Badge variant="dot" color={colourOf(state)} tt="none">
                        {t(`standing.${state}`)}
                    </Badge>
                    {reason && <Text size="sm">{reason}</Text>}
                </Group>
            )}
        </Stack>
    );
}

interface Props {
    job: Job;
    isMine?: boolean;
    release?: string; // where it is printed from here
    remove?: (job: string) => void;
    chosen?: boolean;
    choose?: (job: string, is: boolean) => void;
}

/* Made anew only when something of it has changed: a list has a thousand of them. */
export const JobRow = memo(function JobRow({ job, isMine = true, release, remove, chosen, choose }: Props) {
    const { t } = useTranslation("jobs");
    const title = job.title ?? t("untitled");

    return (
        <Paper component="li" withBorder p="sm" className="far">
            <Group wrap="nowrap" align="flex-start" gap="sm">
                {choose && (
                    <Checkbox
                        checked={chosen ?? false}
                        onChange={(event) => choose(job.id, event.currentTarget.checked)}
                        aria-label={t("choose", { title: title.slice(0, 200) })}
                        mt={4}
                    />
                )}
                {isMine && job.state !== "deleted" && job.state !== "expired" && job.expires && (
                    <PageImage job={job.id} width={240} alt={t("firstPage")} size={{ w: 48, h: 64 }} />
                )}
                <Stack gap={2} flex={1} miw={0}>
                    <Anchor component={Link} href={`/jobs/${job.id}`} c="bright" fw={600} style={{ overflow: "hidden" }}>
                        <Name of={title} lines={2} fw={600} />
                    </Anchor>
                    <Facts job={job} />
                </Stack>
                <Group gap={4} wrap="nowrap">
                    {release && (
                        <Button
                            component={Link}
                            href={release}
                            variant="light"
                            leftSection={<IconPrinter size={18} aria-hidden />}
                            visibleFrom="xs"
                        >
                            {t("print")}
                        </Button>
                    )}
                    {release && (
                        <ActionIcon component={Link} href={release} variant="light" size="lg" hiddenFrom="xs" aria-label={t("print")}>
                            <IconPrinter size={20} aria-hidden />
                        </ActionIcon>
                    )}
                    {remove && (
                        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("shell:delete")} onClick={() => remove(job.id)}>
                            <IconTrash size={20} aria-hidden />
                        </ActionIcon>
                    )}
                </Group>
            </Group>
        </Paper>
    );
});
