package schedule_test

import (
	"fmt"
	"time"

	"volteface/internal/schedule"
	"volteface/internal/statement"
)

// When a source is visited: by its cron expression, in its time zone, and only while its window is open.
func ExamplePlan_Upcoming() {
	plan, err := schedule.NewPlan(statement.Source{ID: "ministry", Schedule: "0 * * * *", Timezone: "Europe/Moscow", Window: "Mon-Fri 09:00-11:00"}, -1)
	if err != nil {
		fmt.Println(err)
		return
	}
	friday := time.Date(2026, 6, 5, 9, 30, 0, 0, time.FixedZone("MSK", 3*3600))
	for _, visit := range plan.Upcoming(friday, 3) {
		fmt.Println(visit.UTC().Format("Mon 15:04"))
	}
	// Output:
	// Fri 07:00
	// Mon 06:00
	// Mon 07:00
}
