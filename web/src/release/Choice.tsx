// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Checkbox, Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useContents, useCost } from "../jobs/JobRow";
import { PageImage } from "../jobs/PageImage";
import type { Job } from "../jobs/standing";
import { Name } from "../parts/Name";
import { type Printer, printerTitle } from "../parts/printer";
import { useTime } from "../parts/time";
import { type Ticket, useSettled } from "./calls";
import { obstacle } from "./eligible";
import { Notes } from "./Notes";

const LOOKED_AT = 20; // of many only the first are asked about beforehand; the release tells of all

function Settled({ job, printer, ticket }: { job: Job; printer: Printer; ticket: Ticket }) {
    const cost = useCost();
    const settled = useSettled(job.id, printer.id, ticket, true).data;

    if (!settled) return null;
    return (
        <>
            <Notes of={settled} />
            {settled.cost && (
                <Text size="sm" fw={600} aria-live="polite">
                    {cost(settled.cost)}
                </Text>
            )}
        </>
    );
}

interface Props {
    jobs: readonly Job[];
    printer: Printer;
    ticket: Ticket;
    chosen: readonly string[];
    choose: (ids: string[]) => void;
    isMine: boolean;
}

/* Which of them come out here, and as what. */
export function Choice({ jobs, printer, ticket, chosen, choose, isMine }: Props) {
    const { t } = useTranslation("release");
    const { ago } = useTime();
    const contents = useContents();

    return (
        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
            {jobs.map((job, index) => {
                const hindered = obstacle(job, printer);
                const title = job.title ?? t("document");
                return (
                    <Paper key={job.id} component="li" withBorder p="sm">
                        <Group wrap="nowrap" align="flex-start">
                            <Checkbox
                                mt={4}
                                checked={chosen.includes(job.id)}
                                disabled={hindered !== null}
                                aria-label={title.slice(0, 200)}
                                onChange={(event) =>
                                    choose(event.currentTarget.checked ? [...chosen, job.id] : chosen.filter((id) => id !== job.id))
                                }
                            />
                            {isMine && <PageImage job={job.id} width={240} alt="" size={{ w: 42, h: 56 }} />}
                            <div style={{ minWidth: 0 }}>
                                <Name of={title} fw={600} />
                                <Text size="sm" c="dimmed">
                                    {[contents(job), ago(job.created)].filter(Boolean).join(" · ")}
                                </Text>
                                {hindered ? (
                                    <Text size="sm" fw={600}>
                                        {t(`obstacle.${hindered}`, { printer: printerTitle(printer) })}
                                    </Text>
                                ) : (
                                    index < LOOKED_AT && <Settled job={job} printer={printer} ticket={ticket} />
                                )}
                            </div>
                        </Group>
                    </Paper>
                );
            })}
        </Stack>
    );
}
