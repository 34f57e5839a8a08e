// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { useJobs } from "./calls";
import { JobRow } from "./JobRow";
import { JobTabs } from "./JobTabs";

export default function PastPage() {
    const { t } = useTranslation("jobs");
    const jobs = useJobs("done,deleted,expired,rejected");

    return (
        <Page title={t("pastTitle")} lead={t("pastLead")}>
            <JobTabs />
            <Loaded query={jobs.query}>
                {() =>
                    jobs.items?.length ? (
                        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                            {jobs.items.map((job) => (
                                <JobRow key={job.id} job={job} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("pastNone")} hint={t("pastNoneHint")} />
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
