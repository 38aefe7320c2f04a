package opinion

// Sample is a question that is asked to find out whether a model can be asked at all: its answer is known.
var Sample = Question{
	Earlier: Side{Date: "2022-10-17", Speaker: "The spokesman", Issuer: "Ministry of Foreign Affairs", Question: "Did you supply drones?", Text: "We have not supplied any drones to either side of the war."},
	Later:   Side{Date: "2022-11-05", Speaker: "The minister", Issuer: "Ministry of Foreign Affairs", Text: "We supplied a limited number of drones to one side of the war months before it began."},
}
