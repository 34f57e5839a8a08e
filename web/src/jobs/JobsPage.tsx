// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useTime } from "../parts/time";
import { usePaged } from "../parts/usePaged";

function useHeldJobs() {
    return usePaged(["jobs", "held"], (after) =>
        done(api.GET("/v1/jobs", { params: { query: { state: "held", ...(after ? { after } : {}) } } })),
    );
}

function Job({ job }: { job: Schemas["Job"] }) {
    const { ago } = useTime();

    return (
        <Paper component="li" withBorder p="sm">
            <Group justify="space-between" wrap="nowrap">
                <Name of={job.title} fw={600} />
                <Text c="dimmed" style={{ whiteSpace: "nowrap" }}>
                    {ago(job.created)}
                </Text>
            </Group>
        </Paper>
    );
}

export default function JobsPage() {
    const { t } = useTranslation("jobs");
    const jobs = useHeldJobs();

    return (
        <Page title={t("title")} lead={t("lead")}>
            <Loaded query={jobs.query}>
                {() =>
                    jobs.items?.length ? (
                        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                            {jobs.items.map((job) => (
                                <Job key={job.id} job={job} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            {jobs.hasMore && (
                <Button variant="default" loading={jobs.isFetchingMore} onClick={jobs.more}>
                    {t("shell:more")}
                </Button>
            )}
        </Page>
    );
}
